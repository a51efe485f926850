using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Lease;

/// <summary>
/// Holds the lease and acts when it runs out, by a timer of its own: neither the engine nor a hanging renewal can hold that up.
/// </summary>
internal sealed partial class LeaseHolder : IDisposable
{
    /// <summary>A worker that has just started may go on for so long before it must have been heard.</summary>
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly InstanceKeeper keeper;
    private readonly TimeProvider clock;
    private readonly ILogger<LeaseHolder> log;
    private readonly long origin;
    private readonly ITimer timer;
    private Lease lease = new(TimeSpan.Zero, First);
    private bool granted;

    public LeaseHolder(InstanceKeeper keeper, EngineCondition engine, WorkerMetrics metrics, TimeProvider clock, ILogger<LeaseHolder> log)
    {
        (this.keeper, this.clock, this.log) = (keeper, clock, log);
        origin = clock.GetTimestamp();
        metrics.ObserveLeaseAge(() => Age);
        // Instances that are found only after the lease has run out must be stopped too.
        engine.Seen += Look;
        timer = clock.CreateTimer(_ => Look(), null, lease.StopAt, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time of the clock by which leases are measured.</summary>
    public TimeSpan Now => clock.GetElapsedTime(origin);

    /// <summary>Whether a lease was granted and still leaves time to stop what must be stopped before its end.</summary>
    public bool Holds
    {
        get
        {
            lock (gate) return granted && lease.Holds(Now);
        }
    }

    /// <summary>Since the renewal that the lease comes from was sent; none before the first.</summary>
    private TimeSpan? Age
    {
        get
        {
            lock (gate) return granted ? Now - lease.Sent : null;
        }
    }

    /// <summary>When, by that clock, the worker begins to stop what must be stopped before the lease ends.</summary>
    public TimeSpan HoldsUntil
    {
        get
        {
            lock (gate) return lease.StopAt;
        }
    }

    /// <summary>Renewed by an answer to what was sent at <paramref name="sent"/>.</summary>
    public void Renewed(TimeSpan sent, TimeSpan length)
    {
        lock (gate)
        {
            var next = new Lease(sent, length);
            lease = granted ? lease.Or(next) : next;
            granted = true;
            Set(lease.StopAt - Now);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        TimeSpan silence, grace;
        lock (gate)
        {
            // A timer may come a few milliseconds early by this clock; nobody else would look again.
            if (lease.StopAt - Now is var left && left > TimeSpan.Zero)
            {
                Set(left);
                return;
            }

            (silence, grace) = (Now - lease.Sent, lease.StopGrace);
        }

        LogLost(silence.TotalSeconds);
        keeper.StopForLostLease(
            $"stopped by its worker itself: nothing heard from the control plane for {Durations.Format(Round(silence))}", grace);
    }

    /// <summary>Timers count whole milliseconds: what is less than one would be none.</summary>
    private void Set(TimeSpan left) =>
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);

    private static TimeSpan Round(TimeSpan time) => TimeSpan.FromMilliseconds(Math.Round(time.TotalMilliseconds / 100) * 100);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The lease runs out: no renewal was answered for {Seconds:0.0} s; instances that may run once only are stopped")]
    private partial void LogLost(double seconds);
}
