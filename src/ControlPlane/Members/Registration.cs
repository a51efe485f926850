using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Members;

/// <summary>What the registry knows of one worker.</summary>
internal sealed record Registration
{
    public required string Name { get; init; }

    /// <summary>Last renewal, or the activation of the registry for a worker that has not renewed since.</summary>
    public required RegistryTime SeenAt { get; init; }

    /// <summary>Silence before this moment is forgiven, by <see cref="RegistryTime.Heard"/>: it fell into a time of the brake.</summary>
    public TimeSpan ForgivenUntil { get; init; }

    /// <summary>None until the worker has renewed with this activation of the registry.</summary>
    public WorkerReport? Report { get; init; }

    /// <summary>The sequence of the report that told the images which are known; none before it.</summary>
    public long? ImagesAt { get; init; }

    public bool Draining { get; init; }

    public bool DeclaredLost { get; init; }

    /// <summary>
    /// Factor on the lease: 2 until the first renewal after the registry was activated, when silence may be the registry's own.
    /// </summary>
    public int Grace { get; init; } = 1;

    /// <summary>A person is sure that the worker is gone: it is lost when its lease is over, brake or not.</summary>
    public bool LossConfirmed { get; init; }

    /// <summary>Time since it was heard.</summary>
    public TimeSpan SilentFor(RegistryTime now) => now.Passed - SeenAt.Passed;

    /// <summary>Of that silence, what is held against it.</summary>
    public TimeSpan CountedSilence(RegistryTime now) => now.Heard - (SeenAt.Heard > ForgivenUntil ? SeenAt.Heard : ForgivenUntil);
}
