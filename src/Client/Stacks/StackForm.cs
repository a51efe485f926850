using Orchestrator.Client.Services;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Client.Stacks;

/// <summary>How each wish is put to the API.</summary>
internal static class StackForm
{
    public static Question Of(string name, StackChange change, ChangeTerms? terms, bool dryRun) =>
        ChangeQuestion.Of("stacks", name, Parts(change), change.Why, terms, dryRun);

    private static (HttpMethod Method, string? Action, object? Body) Parts(StackChange change) => change switch
    {
        DeploySpec deploy => (HttpMethod.Put, null, deploy.Spec),
        RemoveStack => (HttpMethod.Delete, null, null),
        RollBackStack back => (HttpMethod.Post, "rollback", new RollStackBackTo(back.Deployment)),
        RestartStack => (HttpMethod.Post, "restart", null),
        CancelDeployment => (HttpMethod.Post, "cancel", null),
        ResumeDeployment => (HttpMethod.Post, "resume", null),
        _ => throw new ArgumentException($"{change.GetType().Name} is no wish of a user", nameof(change)),
    };
}
