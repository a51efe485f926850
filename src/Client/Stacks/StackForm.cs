using Orchestrator.Client.Services;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Client.Stacks;

/// <summary>How each wish is put to the API.</summary>
internal static class StackForm
{
    public static Question Of(string name, StackChange change, ChangeTerms? terms, bool dryRun)
    {
        var (method, action, body) = Parts(change);
        var path = Question.Below("stacks", name);
        return new(method, action is null ? path : $"{path}/{action}")
        {
            Query = new() { { "dryRun", dryRun }, { "why", terms?.Why ?? (change.Why.Length > 0 ? change.Why : null) } },
            Body = body,
            Headers = [.. terms?.Conditions() ?? []],
            RequestId = terms?.RequestId ?? Guid.CreateVersion7().ToString("N"),
            // By its id it is done once, however often it is asked for.
            MayBeRepeated = true,
            Changes = !dryRun,
        };
    }

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
