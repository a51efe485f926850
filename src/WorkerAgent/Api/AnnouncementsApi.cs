using Orchestrator.Contracts;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Reports;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>What masters tell all workers at once.</summary>
internal static class AnnouncementsApi
{
    public static void MapAnnouncements(this IEndpointRouteBuilder app) =>
        app.MapPost(DaprNames.Announcements, (Announcement announcement, Reporter reporter, Prefetch prefetch, InstanceBook book) =>
        {
            switch (announcement)
            {
                case { Kind: AnnouncementKind.RollCall, Service: "" }: reporter.TellAll(); break;
                case { Kind: AnnouncementKind.RollCall }: reporter.TellAllOf(announcement.Service); break;
                case { Kind: AnnouncementKind.Prefetch, Image: not "" }
                    when announcement.Service.Length == 0 || book.Sums().Services.Contains(announcement.Service):
                    prefetch.Want(announcement.Service, announcement.Image);
                    break;
            }

            return TypedResults.Ok();
        }).WithTopic(DaprNames.PubSub, DaprNames.Announcements);
}
