using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Members;

/// <summary>What the registry knows of one worker.</summary>
internal sealed record Registration
{
    public required string Name { get; init; }

    /// <summary>Last renewal, or the activation of the registry for a worker that has not renewed since.</summary>
    public required DateTimeOffset SeenAt { get; init; }

    /// <summary>None until the worker has renewed with this activation of the registry.</summary>
    public WorkerReport? Report { get; init; }

    public bool Draining { get; init; }

    public bool DeclaredLost { get; init; }

    /// <summary>
    /// Factor on the lease: 2 until the first renewal after the registry was activated, when silence may be the registry's own.
    /// </summary>
    public int Grace { get; init; } = 1;

    public TimeSpan SilentFor(DateTimeOffset now) => now - SeenAt;
}
