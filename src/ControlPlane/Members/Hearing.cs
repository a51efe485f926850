namespace Orchestrator.ControlPlane.Members;

/// <summary>
/// Measures the registry's own pauses. Some member speaks in every beat, be it the master that the registry lives on; a longer silence of
/// all of them is a pause of the registry itself: its process was frozen, its sidecar, its store.
/// </summary>
/// <param name="beat">Between two renewals of one member.</param>
internal sealed class Hearing(TimeSpan beat, TimeProvider clock)
{
    private readonly TimeSpan longest = beat * 1.5;
    private readonly long activated = clock.GetTimestamp();
    private long last = clock.GetTimestamp();
    private TimeSpan heard;

    public RegistryTime Now => new(clock.GetElapsedTime(activated), heard + SinceLast);

    private TimeSpan SinceLast => clock.GetElapsedTime(last) is var gap && gap < longest ? gap : longest;

    /// <summary>Somebody is heard.</summary>
    public RegistryTime Listen()
    {
        heard += SinceLast;
        last = clock.GetTimestamp();
        return Now;
    }
}
