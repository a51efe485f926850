using Orchestrator.Contracts.Services;

namespace Orchestrator.Compose.Translation;

/// <summary><c>update_config</c>; what it leaves out is as it is for every service.</summary>
internal static class UpdateFields
{
    private const int All = 1000;

    public static UpdatePolicy Of(UpdatePolicy policy, Section update)
    {
        var parallelism = update.Number("parallelism", 0);
        policy = policy with
        {
            Parallelism = parallelism is 0 ? All : Math.Min(parallelism ?? policy.Parallelism, All),
            Delay = update.Duration("delay") ?? policy.Delay,
            Monitor = update.Duration("monitor") ?? policy.Monitor,
            MaxFailureRatio = update.Fraction("max_failure_ratio") ?? policy.MaxFailureRatio,
            OnFailure = OnFailure(update) ?? policy.OnFailure,
            Order = Order(update),
        };
        update.End();
        return policy;
    }

    private static FailureAction? OnFailure(Section update)
    {
        switch (update.Text("failure_action"))
        {
            case null:
                return null;
            case "continue":
                return FailureAction.Continue;
            case "rollback":
                return FailureAction.Rollback;
            case "pause":
                return FailureAction.Pause;
            default:
                update.Wrong("failure_action", "is continue, rollback or pause");
                return null;
        }
    }

    private static UpdateOrder? Order(Section update)
    {
        switch (update.Text("order"))
        {
            case null:
                return null;
            case "start-first":
                return UpdateOrder.StartFirst;
            case "stop-first":
                return UpdateOrder.StopFirst;
            default:
                update.Wrong("order", "is start-first or stop-first");
                return null;
        }
    }
}
