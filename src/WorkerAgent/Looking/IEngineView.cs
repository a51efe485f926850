using Orchestrator.Contracts.Looking;

namespace Orchestrator.WorkerAgent.Looking;

/// <summary>What the engine shows of its containers to who wants to look inside.</summary>
internal interface IEngineView
{
    /// <exception cref="Docker.EngineException">The container is not there, or the engine does not answer.</exception>
    Task<ContainerDetails> Inspect(string container, CancellationToken cancel);

    /// <summary>What it has used so far; of one that does not run nothing is told.</summary>
    /// <inheritdoc cref="Inspect"/>
    Task<Sample?> Use(string container, CancellationToken cancel);

    /// <inheritdoc cref="Inspect"/>
    Task<ProcessTable> Processes(string container, CancellationToken cancel);
}

/// <summary>What a container has used up to a moment.</summary>
/// <param name="At">By the engine's clock.</param>
/// <param name="CpuTime">Of all its processes together.</param>
internal sealed record Sample(
    DateTimeOffset At, TimeSpan CpuTime, long Memory, long MemoryLimit, long Received, long Sent, long Read, long Written, int Processes);
