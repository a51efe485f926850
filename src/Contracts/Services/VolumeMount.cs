namespace Orchestrator.Contracts.Services;

/// <param name="Source">Name of a volume of the engine, or an absolute path on the worker.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="Exclusive">Only one instance may have it open: forbids that a successor starts before its predecessor has ended.</param>
public sealed record VolumeMount(string Source, string Target, bool ReadOnly = false, bool Exclusive = false);
