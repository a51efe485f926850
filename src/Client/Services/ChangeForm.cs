using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Client.Services;

/// <summary>How each wish is put to the API.</summary>
internal static class ChangeForm
{
    public static Question Of(string name, ServiceChange change, ChangeTerms? terms, bool dryRun)
    {
        var (method, action, body) = Parts(change);
        var path = Question.Below("services", name);
        return new(method, action is null ? path : $"{path}/{action}")
        {
            Query = new()
            {
                { "pull", change is RestartInstances { Pull: true } }, { "dryRun", dryRun }, { "why", terms?.Why ?? Said(change) },
            },
            Body = body,
            Headers = [.. terms?.Conditions() ?? []],
            RequestId = terms?.RequestId ?? Guid.CreateVersion7().ToString("N"),
            // By its id it is done once, however often it is asked for.
            MayBeRepeated = true,
            Changes = !dryRun,
        };
    }

    private static (HttpMethod Method, string? Action, object? Body) Parts(ServiceChange change) => change switch
    {
        CreateService create => (HttpMethod.Post, null, create.Spec),
        UpdateService update => (HttpMethod.Put, null, update.Fields),
        WithdrawService => (HttpMethod.Delete, null, null),
        RollBack back => (HttpMethod.Post, "rollback", new RollBackTo(back.Revision)),
        RestartInstances => (HttpMethod.Post, "restart", null),
        PauseRollout => (HttpMethod.Post, "pause", null),
        ResumeRollout => (HttpMethod.Post, "resume", null),
        RebalanceInstances => (HttpMethod.Post, "rebalance", null),
        RunJob => (HttpMethod.Post, "run", null),
        ReleaseVolume release => (HttpMethod.Post, "release-volume", new ReleasedVolume(release.Slot)),
        _ => throw new ArgumentException($"{change.GetType().Name} is no wish of a user", nameof(change)),
    };

    private static string? Said(ServiceChange change) => change.Why.Length > 0 ? change.Why : null;
}
