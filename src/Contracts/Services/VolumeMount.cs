namespace Orchestrator.Contracts.Services;

/// <param name="Source">Name of a volume of the engine, or an absolute path on the worker.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Exclusive">
/// Only one instance on a worker may have it open: forbids that a successor starts before its predecessor has ended.
/// </param>
/// <param name="Affinity">Of a volume of the engine: whether its slot stays on the worker that has it.</param>
public sealed record VolumeMount(
    string Source, string Target, bool ReadOnly = false, bool Exclusive = false, VolumeAffinity Affinity = VolumeAffinity.Worker)
{
    /// <summary>What it holds is on one worker and nowhere else.</summary>
    public bool Binds() => Affinity == VolumeAffinity.Worker && !Source.StartsWith('/');
}

public enum VolumeAffinity
{
    /// <summary>The slot stays on the worker that has the volume, for elsewhere it would be empty.</summary>
    Worker,

    /// <summary>What it holds may be left behind.</summary>
    None,
}
