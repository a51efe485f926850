using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;

namespace Orchestrator.ControlPlane.Services;

/// <summary>After an activation the workers are asked what they have of the service; asked again while one that should know has not answered.</summary>
internal sealed partial class RollCall(DaprClient dapr, string service, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private DateTimeOffset calledAt;

    /// <summary>Calls if a ready worker with instances of the service has not been heard; answers when to look whether that has helped.</summary>
    public async Task<DateTimeOffset?> CallIfMissing(ServiceRecord record, ValueList<Worker> workers, Observations observed)
    {
        var now = clock.GetUtcNow();
        if (now - calledAt < Pause || !IsMissing(record, workers, observed)) return null;
        calledAt = now;
        try
        {
            using var deadline = new CancellationTokenSource(Pause, clock);
            var call = new Announcement { Kind = AnnouncementKind.RollCall, Service = service };
            await dapr.PublishEventAsync(DaprNames.PubSub, DaprNames.Announcements, call, deadline.Token);
        }
        catch (Exception e) when (e is DaprException or OperationCanceledException)
        {
            LogFailed(service, e.Message);
        }

        return now + Pause;
    }

    private static bool IsMissing(ServiceRecord record, ValueList<Worker> workers, Observations observed)
    {
        foreach (var worker in workers)
        {
            if (worker.Health != WorkerHealth.Ready || observed.HasHeard(worker.Name)) continue;
            if (record.Instances.Any(instance => instance.Worker == worker.Name)) return true;
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning, "The roll call for {Service} could not be published: {Error}")]
    private partial void LogFailed(string service, string error);
}
