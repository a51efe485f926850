using Orchestrator.Client;
using Orchestrator.Client.Services;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Changes;

internal static class ServicePlans
{
    /// <summary>Plan and deed hold for what the visitor saw: when somebody else was quicker, both are refused and say who it was.</summary>
    public static PlannedChange Of(
        OrchestratorClient client, string title, string words, TaggedService seen, ServiceChange change, bool isGrave = false) => new(
        title, words,
        (why, cancel) => client.Services.Plan(seen.Service.Name, change, Terms(seen, why), cancel),
        (why, cancel) => client.Services.Change(seen.Service.Name, change, Terms(seen, why), cancel))
    {
        TakesWhy = true, IsGrave = isGrave,
    };

    private static ChangeTerms Terms(TaggedService seen, string why) => new() { IfMatch = seen.Tag, Why = why.Length > 0 ? why : null };
}
