using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// After an activation the workers are asked what they have of the service; asked again while one that should know has not answered.
/// </summary>
internal sealed class RollCall(IAnnouncements announcements, IWorkers workers, string service, TimeProvider clock)
{
    /// <summary>Called so often in vain, nothing that is sent to a worker seems to reach it; but it renews its lease.</summary>
    private const int InVain = 3;

    private DateTimeOffset calledAt;
    private int calls;

    /// <summary>
    /// Calls if a ready worker with instances of the service has not been heard; answers when to look whether that has helped.
    /// </summary>
    public async Task<DateTimeOffset?> CallIfMissing(ServiceRecord record, ValueList<Worker> candidates, Observations observed)
    {
        var now = clock.GetUtcNow();
        if (now - calledAt < StepsDue.RollCallAfter) return null;
        var missing = Missing(record, candidates, observed).Distinct().ToList();
        calls = missing.Count == 0 ? 0 : calls + 1;
        if (calls == 0) return null;
        calledAt = now;
        await announcements.Tell(new Announcement { Kind = AnnouncementKind.RollCall, Service = service });
        if (calls >= InVain) await Task.WhenAll(missing.Select(worker => workers.AskByLease(worker, service)));
        return now + StepsDue.RollCallAfter;
    }

    private static IEnumerable<string> Missing(ServiceRecord record, ValueList<Worker> candidates, Observations observed)
    {
        HashSet<string>? missing = null;
        foreach (var worker in candidates)
        {
            if (worker.Health == WorkerHealth.Ready && !observed.HasHeard(worker.Name))
                (missing ??= new(StringComparer.Ordinal)).Add(worker.Name);
        }

        return missing is null ? [] : record.ToBeHeard.Concat(record.Instances.Select(it => it.Worker)).Where(missing.Contains);
    }
}
