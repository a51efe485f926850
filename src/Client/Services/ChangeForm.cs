using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Client.Services;

/// <summary>How each wish is put to the API.</summary>
internal static class ChangeForm
{
    public static Question Of(string name, ServiceChange change, ChangeTerms? terms, bool dryRun) => ChangeQuestion.Of(
        "services", name, Parts(change), change.Why, terms, dryRun, pull: change is RestartInstances { Pull: true });

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
}
