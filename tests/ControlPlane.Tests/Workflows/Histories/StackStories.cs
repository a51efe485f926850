using Dapr.DurableTask.Protobuf;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Workflows.Stacks;
using static Orchestrator.ControlPlane.Tests.Workflows.Histories.Story;

namespace Orchestrator.ControlPlane.Tests.Workflows.Histories;

/// <summary>The workflow of a stack.</summary>
internal static class StackStories
{
    public static Story[] All =>
    [
        new("deploy-stack-all-goes-well",
            Begin, (0, Done(0, Applies(1, "db"))), (1, Done(1, true)), (1, Done(2, Waits(1, within: 5))), (6, Fires(3, 6)),
            (6, Done(4, Applies(1, "migrate", "web"))), (7, Done(6, true)), (8, Done(5, true)),
            (8, Done(7, Ends(1, DeploymentState.Done)))),
        new("deploy-stack-a-service-fails-and-all-goes-back",
            Begin, (0, Done(0, Applies(1, "db", "web"))), (1, Done(1, true)), (2, Done(2, true)),
            (2, Done(3, LooksAgain(1, DeploymentState.RollingBack))), (3, Done(4, Applies(2, "db", "web"))),
            (4, Done(5, true)), (4, Done(6, true)), (5, Done(7, Ends(1, DeploymentState.RolledBack)))),
        new("deploy-stack-masters-do-not-answer",
            Begin, (1, Fails(0)), (3, Fires(1, 3)), (3, Done(2, Applies(1, "db", "web"))), (4, Fails(3)), (4, Done(4, true)),
            (6, Fires(5, 6)), (6, Done(6, Applies(1, "db"))), (7, Done(7, false)), (9, Fires(8, 9)),
            (9, Done(9, Ends(1, DeploymentState.Done)))),
        new("deploy-stack-there-is-news-and-another-takes-its-place",
            Begin, (0, Done(0, Waits(1, within: 10))), (3, News), (3, Done(2, Waits(1, within: 10))),
            // The first timer, of which nobody wants to know any more, and news while it looks already.
            (10, Fires(1, 10)), (11, News), (11, News), (11, Done(4, Applies(1, "web", deployment: 2))), (12, Done(5, true)),
            (12, Done(6, Waits(1, within: 10, deployment: 2))), (13, Done(8, Ends(2, DeploymentState.Done)))),
        new("deploy-stack-somebody-cancels-it",
            Begin, (0, Done(0, Waits(1, within: 10))), (4, News), (4, Done(2, LooksAgain(1, DeploymentState.RollingBack))),
            (4, Done(3, Applies(2, "db"))), (5, Done(4, true)), (5, Done(5, Waits(2, within: 30))), (7, News),
            (7, Done(7, Ends(1, DeploymentState.Cancelled)))),
        new("deploy-stack-there-is-nothing-to-do", Begin,
            (0, Done(0, new StackTurn([], Mark: null, IsEnded: true, LooksAgain: false, TimeSpan.Zero)))),
        // What it is told of twice goes with it.
        new("deploy-stack-it-takes-long-and-begins-without-a-past", [Begin, (0, News), (0, News), .. Enumerable.Range(0, 60).Select(round =>
            (round, Done(round, LooksAgain(1, DeploymentState.Running))))]),
    ];

    private static (int, HistoryEvent) Begin => (0, Begins(nameof(DeployStack), "shop"));

    private static HistoryEvent News => Raised(DeployStack.News, "");

    private static StackTurn Applies(int round, string service, string? other = null, long deployment = 1) =>
        new(other is null ? [service] : [service, other], Mark(deployment, round), IsEnded: false, LooksAgain: false,
            TimeSpan.FromSeconds(10), Progress(deployment, StateIn(round)));

    private static StackTurn Waits(int round, int within, long deployment = 1) =>
        new([], Mark(deployment, round), IsEnded: false, LooksAgain: false, TimeSpan.FromSeconds(within),
            Progress(deployment, StateIn(round)));

    private static StackTurn LooksAgain(long deployment, DeploymentState state) =>
        new([], Mark(deployment, 2), IsEnded: false, LooksAgain: true, TimeSpan.Zero, Progress(deployment, state));

    private static StackTurn Ends(long deployment, DeploymentState state) =>
        new([], Mark: null, IsEnded: true, LooksAgain: false, TimeSpan.Zero, Progress(deployment, state));

    /// <summary>In these stories the second round is the way back.</summary>
    private static DeploymentState StateIn(int round) => round == 1 ? DeploymentState.Running : DeploymentState.RollingBack;

    private static StackMark Mark(long deployment, int round) => new("shop", deployment, round);

    private static StackProgress Progress(long deployment, DeploymentState state) => new(deployment, state, Wave: 1, Waves: 2, [], Time(0));
}
