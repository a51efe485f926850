using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Looking;

namespace Orchestrator.Client.Looking;

/// <summary>What instances use, again and again.</summary>
internal static class Samples
{
    public static IAsyncEnumerable<InstanceStats> Of(Road road, string of, int every, CancellationToken cancel) =>
        new LastingStream<InstanceStats>(
            road,
            () => Question.Get($"{of}/stats") with
            {
                Query = new() { { "follow", true }, { "every", every } }, Accept = JsonLines.Type,
            },
            JsonLines.Read<InstanceStats>) { EndsByItself = true }.Items(cancel);
}
