using Dapr.DurableTask.Protobuf;
using Orchestrator.ControlPlane.Workflows.Maintenance;
using static Orchestrator.ControlPlane.Tests.Workflows.Histories.Story;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>The workflow of maintenance.</summary>
internal static class MaintenanceStories
{
    public static Story[] All =>
    [
        new("maintain-workers-one-is-taken-out-until-it-is-ready-and-ended",
            Begin, (0, Done(0, Looks(2))), (2, Fires(1, 2)), (2, Done(2, Looks(15))), (17, Fires(3, 17)), (17, Done(4, Looks(15))),
            // Somebody ends it.
            (20, News), (20, Done(6, Looks(2))), (22, Fires(7, 22)), (22, Done(8, Ended))),
        new("maintain-workers-masters-do-not-answer",
            Begin, (1, Fails(0)), (6, Fires(1, 6)), (6, News), (6, Done(2, Looks(15))), (7, Fails(4)), (12, Fires(5, 12)),
            (12, Done(6, Ended))),
        new("maintain-workers-there-is-nothing-to-do", Begin, (0, Done(0, Ended))),
        new("maintain-workers-it-takes-long-and-begins-without-a-past", [Begin, .. Enumerable.Range(0, 60).SelectMany(round => new[]
        {
            (round, Done(2 * round, Looks(1))), (round + 1, Fires((2 * round) + 1, round + 1)),
        })]),
    ];

    private static (int, HistoryEvent) Begin => (0, Begins(nameof(MaintainWorkers), ""));

    private static HistoryEvent News => Raised(MaintainWorkers.News, "");

    private static MaintenanceTurn Ended => new(IsEnded: true, TimeSpan.FromSeconds(15));

    private static MaintenanceTurn Looks(int within) => new(IsEnded: false, TimeSpan.FromSeconds(within));
}
