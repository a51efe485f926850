using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Tests.Stacks;

/// <summary>A stack of two services, as the API tells of it.</summary>
internal static class Shop
{
    public static StackDeployment Deployment(
        DeploymentState state = DeploymentState.Running, StackStepState db = StackStepState.Applied,
        StackStepState web = StackStepState.Waiting, StackAction action = StackAction.Deploy, string? reason = null) => new()
    {
        Id = 7, Action = action, State = state, Who = "ada", At = Things.Start, Reason = reason,
        Waves =
        [
            new([new() { Service = "db", Kind = StackStepKind.Create, Reason = "it is new", Until = StackCondition.Healthy, State = db }]),
            new([new() { Service = "web", Kind = StackStepKind.Update, Reason = "image", Until = StackCondition.Healthy, State = web }]),
        ],
    };

    public static StackView View => new()
    {
        Name = "shop", State = StackState.Deployed, Spec = new(),
        Services =
        [
            new()
            {
                Name = "web", Service = "shop-web", Exists = true, State = ServiceState.Running, Image = "web:1", Revision = 2,
                Wanted = 1, Running = 1,
            },
            new() { Name = "db", Service = "shop-db", Exists = false, Drift = "somebody has removed it" },
        ],
        Deployment = Deployment(DeploymentState.Done, StackStepState.Done, StackStepState.Done) with
        {
            EndedAt = Things.Start.AddSeconds(30),
        },
        Deployments =
        [
            new(7, StackAction.Deploy, DeploymentState.Done, "ada", Things.Start, Things.Start.AddSeconds(30)),
            new(6, StackAction.Deploy, DeploymentState.RolledBack, "ada", Things.Start.AddHours(-1), Things.Start, "db failed: exit code 1")
        ],
    };

    public static StackPlanView Plan => new(
    [
        new([new("db", StackStepKind.Create, "it is new", StackCondition.Healthy, Things.Plan)]),
        new([new("web", StackStepKind.Untouched, "nothing changes"), new("old", StackStepKind.Remove, "it is not named any more")]),
    ]);

    public static SummaryList Lines => new([new()
    {
        Name = "shop", State = StackState.Deploying, Services = ["db", "web"],
        Deployment = new(7, StackAction.Deploy, DeploymentState.Running, "ada", Things.Start),
    }]);

    internal sealed record SummaryList(ValueList<StackSummary> Stacks);
}
