using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Announcements go by pub/sub; that one could not be published is logged and no more.</summary>
internal sealed partial class Announcements(DaprClient dapr, TimeProvider clock, ILogger<Announcements> log) : IAnnouncements
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    public async Task Tell(Announcement announcement)
    {
        try
        {
            await calls.Run(cancel =>
                dapr.PublishEventAsync(DaprNames.PubSub, DaprNames.Announcements, announcement, cancel), CancellationToken.None);
        }
        catch (Exception e) when (e is DaprException or TimeoutException)
        {
            LogFailed(announcement.Kind, announcement.Service, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The announcement {Kind} of {Service} could not be published: {Error}")]
    private partial void LogFailed(AnnouncementKind kind, string service, string error);
}
