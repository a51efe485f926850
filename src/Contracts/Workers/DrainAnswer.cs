using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>Answer to a drain that was waited for.</summary>
/// <param name="Holds">What is still there and why, a sentence for each instance; a problem says it when the time is over.</param>
public sealed record DrainAnswer(string Worker, bool Empty, ValueList<string> Holds);
