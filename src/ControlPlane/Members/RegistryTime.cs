namespace Orchestrator.ControlPlane.Members;

/// <summary>A moment in the life of a registry's activation, by its monotonic clock; no other process's clock is ever compared.</summary>
/// <param name="Passed">Since the activation.</param>
/// <param name="Heard">The same without the registry's own pauses, in which it could hear nobody: only in this time is silence held against
/// a worker.</param>
internal readonly record struct RegistryTime(TimeSpan Passed, TimeSpan Heard)
{
    public static RegistryTime operator +(RegistryTime time, TimeSpan more) => new(time.Passed + more, time.Heard + more);
}
