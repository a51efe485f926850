using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Workers;

/// <summary>Tells all workers at once what only saves time; that it could not be told is logged and no more.</summary>
internal sealed partial class Announcer(DaprClient dapr, TimeProvider clock, ILogger<Announcer> log)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    public async Task Tell(Announcement announcement)
    {
        try
        {
            using var deadline = new CancellationTokenSource(Deadline, clock);
            await dapr.PublishEventAsync(DaprNames.PubSub, DaprNames.Announcements, announcement, deadline.Token);
        }
        catch (Exception e) when (e is DaprException or OperationCanceledException)
        {
            LogFailed(announcement.Kind, announcement.Service, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The announcement {Kind} of {Service} could not be published: {Error}")]
    private partial void LogFailed(AnnouncementKind kind, string service, string error);
}
