using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>What the results of one probe say by now, and when to ask again. Pure.</summary>
internal sealed record ProbeCourse(HealthProbe Probe, DateTimeOffset StartedAt)
{
    private const int Kept = 3;

    /// <summary>The pauses differ by so much, so that many probes do not come all at once for ever.</summary>
    private const double Jitter = 0.1;

    /// <summary>Those that are due at almost the same time are asked together: waking up costs more than asking.</summary>
    private const int TurnsInAPause = 20;

    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    public InstanceHealth Health { get; init; } = InstanceHealth.Starting;

    /// <summary>In a row, as far as they count.</summary>
    public int Failures { get; init; }

    /// <summary>The last ones, oldest first.</summary>
    public ValueList<ProbeResult> Results { get; init; } = [];

    /// <summary>
    /// Of an instance that is taken for well because it was found running, the first probe decides alone: it may have been unwell before.
    /// </summary>
    public static ProbeCourse Begin(HealthProbe probe, DateTimeOffset startedAt, bool takenForWell) => takenForWell
        ? new(probe, startedAt) { Health = InstanceHealth.Healthy, Failures = probe.Retries - 1 }
        : new(probe, startedAt);

    public ProbeCourse After(ProbeResult result)
    {
        var failures = result.Ok || IsStarting(result.At) ? 0 : Failures + 1;
        return this with
        {
            Failures = failures,
            Health = result.Ok ? InstanceHealth.Healthy : failures >= Probe.Retries ? InstanceHealth.Unhealthy : Health,
            Results = [.. Results.TakeLast(Kept - 1), result],
        };
    }

    /// <summary>Before the first probe: soon, and not all at once.</summary>
    public TimeSpan FirstPause(double dice) => (Probe.StartInterval < Probe.Interval ? Probe.StartInterval : Probe.Interval) * dice;

    /// <summary>After a pause, uneven, and then in a turn that others share.</summary>
    public DateTimeOffset NextAt(DateTimeOffset now, double dice)
    {
        var pause = IsStarting(now) ? Probe.StartInterval : Probe.Interval;
        var turn = Math.Min(LongestTurn.Ticks, pause.Ticks / TurnsInAPause);
        var at = now + (pause * (1 - Jitter + (2 * Jitter * dice)));
        return turn == 0 ? at : new(((at.UtcTicks + turn - 1) / turn) * turn, TimeSpan.Zero);
    }

    /// <summary>In the time after the start in which failures do not count, unless it has been well already.</summary>
    private bool IsStarting(DateTimeOffset at) => Health == InstanceHealth.Starting && at < StartedAt + Probe.StartPeriod;
}
