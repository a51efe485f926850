using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// After an activation the workers are asked what they have of the service; asked again while one that should know has not answered.
/// </summary>
internal sealed class RollCall(IAnnouncements announcements, string service, TimeProvider clock)
{
    private DateTimeOffset calledAt;

    /// <summary>
    /// Calls if a ready worker with instances of the service has not been heard; answers when to look whether that has helped.
    /// </summary>
    public async Task<DateTimeOffset?> CallIfMissing(ServiceRecord record, ValueList<Worker> workers, Observations observed)
    {
        var now = clock.GetUtcNow();
        if (now - calledAt < StepsDue.RollCallAfter || !IsMissing(record, workers, observed)) return null;
        calledAt = now;
        await announcements.Tell(new Announcement { Kind = AnnouncementKind.RollCall, Service = service });
        return now + StepsDue.RollCallAfter;
    }

    private static bool IsMissing(ServiceRecord record, ValueList<Worker> workers, Observations observed)
    {
        HashSet<string>? missing = null;
        foreach (var worker in workers.AsSpan())
        {
            if (worker.Health == WorkerHealth.Ready && !observed.HasHeard(worker.Name))
                (missing ??= new(StringComparer.Ordinal)).Add(worker.Name);
        }

        if (missing is null) return false;
        foreach (var worker in record.ToBeHeard.AsSpan())
        {
            if (missing.Contains(worker)) return true;
        }

        foreach (var instance in record.Instances.AsSpan())
        {
            if (missing.Contains(instance.Worker)) return true;
        }

        return false;
    }
}
