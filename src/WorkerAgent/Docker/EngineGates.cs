using System.Collections.Concurrent;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// How many calls of a kind may be inside the engine at once: more make each slower, and dozens of removals can wedge it for good.
/// </summary>
internal sealed class EngineGates(WorkerAgentOptions options)
{
    private const int MostPulls = 3;

    private readonly ConcurrentDictionary<string, Gate> pulls = new(StringComparer.Ordinal);

    public Gate Starts { get; } = new(options.MaxStarts);
    public Gate Endings { get; } = new(options.MaxRemovals);

    /// <summary>Of each registry: one that hangs holds back nobody who pulls from another.</summary>
    public Gate PullsFrom(string registry) => pulls.GetOrAdd(registry, _ => new(MostPulls));
}
