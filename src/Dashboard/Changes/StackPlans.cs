using Orchestrator.Client;
using Orchestrator.Client.Services;
using Orchestrator.Client.Stacks;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Dashboard.Changes;

internal static class StackPlans
{
    /// <inheritdoc cref="ServicePlans.Of"/>
    public static PlannedChange Of(OrchestratorClient client, string title, string words, TaggedStack seen, StackChange change) => new(
        title, words, Plan: null, (why, cancel) => client.Stacks.Change(seen.Stack.Name, change, Terms(seen, why), cancel))
    {
        TakesWhy = true, Waves = (why, cancel) => client.Stacks.Plan(seen.Stack.Name, change, Terms(seen, why), cancel),
    };

    private static ChangeTerms Terms(TaggedStack seen, string why) => new() { IfMatch = seen.Tag, Why = why.Length > 0 ? why : null };
}
