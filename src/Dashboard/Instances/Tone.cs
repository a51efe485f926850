using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Dashboard.Instances;

/// <summary>How an instance is, as one sees it from afar: a colour each. The word stands in the name of a class.</summary>
public enum Tone
{
    /// <summary>Decided or made ready, and not begun.</summary>
    Waiting,
    Starting,

    /// <summary>It runs, and is healthy where there is a probe.</summary>
    Serving,

    /// <summary>It runs and is sent no work.</summary>
    Unready,
    Unhealthy,
    Paused,
    Stopping,
    Ended,
}

public static class Tones
{
    public static Tone Of(Phase phase, InstanceHealth health, InstanceHealth? readiness) => phase switch
    {
        Phase.Placed or Phase.Prepared => Tone.Waiting,
        Phase.Starting => Tone.Starting,
        Phase.Paused => Tone.Paused,
        Phase.Stopping => Tone.Stopping,
        Phase.Exited => Tone.Ended,
        _ when health == InstanceHealth.Unhealthy => Tone.Unhealthy,
        _ when health == InstanceHealth.Starting => Tone.Starting,
        _ when readiness is InstanceHealth.Starting or InstanceHealth.Unhealthy => Tone.Unready,
        _ => Tone.Serving,
    };

    public static Tone Of(InstanceView it) => Of(it.Phase, it.Health, it.Readiness);

    /// <summary>What a colour means, for the legend.</summary>
    public static string Words(this Tone tone) => tone switch
    {
        Tone.Waiting => "placed",
        Tone.Starting => "starting",
        Tone.Serving => "running",
        Tone.Unready => "out of rotation",
        Tone.Unhealthy => "unhealthy",
        Tone.Paused => "paused",
        Tone.Stopping => "stopping",
        _ => "ended",
    };

    public static string Class(this Tone tone) => $"tone-{tone}".ToLowerInvariant();
}
