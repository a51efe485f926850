using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
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
    private readonly Guarded guarded;
    private readonly TimeSpan margin;
    private readonly TimeProvider clock;
    private readonly ILogger<LeaseHolder> log;
    private readonly long origin;
    private readonly ITimer timer;
    private Lease lease;
    private TimeSpan due;
    private bool granted;
    private readonly OldestOrder oldest;
    private OrdersTaken orders = new();
    private bool lastChance;

    public LeaseHolder(
        InstanceKeeper keeper, Guarded guarded, OldestOrder oldest, EngineCondition engine, WorkerAgentOptions options,
        WorkerMetrics metrics, TimeProvider clock, ILogger<LeaseHolder> log)
    {
        (this.keeper, this.guarded, this.oldest, this.clock, this.log) = (keeper, guarded, oldest, clock, log);
        margin = options.LeaseMargin;
        origin = clock.GetTimestamp();
        lease = guarded.Inherited is { } left ? Lease.Inherited(left, margin) : new(TimeSpan.Zero, First, margin);
        if (guarded.Inherited is null) guarded.Renew(lease.KillAt);
        due = lease.StopAt;
        metrics.ObserveLeaseAge(() => Age);
        // Instances that are found only after the lease has run out must be stopped too.
        engine.Seen += Look;
        var first = lease.StopAt > TimeSpan.Zero ? lease.StopAt : TimeSpan.Zero;
        timer = clock.CreateTimer(_ => Look(), null, first, Timeout.InfiniteTimeSpan);
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

    /// <inheritdoc cref="OldestOrder.Since"/>
    public long OrdersSince => oldest.Since;

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
    /// <param name="sequence">Of the report that was answered.</param>
    public void Renewed(TimeSpan sent, TimeSpan length, long sequence)
    {
        lock (gate)
        {
            orders = orders.After(sequence, sent, isNew: !granted || !lease.Holds(Now), OrdersTaken.Longest);
            oldest.Since = orders.Since;
            var next = new Lease(sent, length, margin);
            lease = granted ? lease.Or(next) : next;
            (granted, lastChance) = (true, false);
            guarded.Renew(lease.KillAt - Now);
            Set(lease.StopAt);
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        TimeSpan silence;
        LeaseMove move;
        lock (gate)
        {
            var now = Now;
            move = lease.MoveAt(now, due, lastChance);
            if (move.LookAgainAt is { } at)
            {
                lastChance = move.HadLastChance;
                Set(at);
                return;
            }

            silence = now - lease.Sent;
        }

        LogLost(silence.TotalSeconds);
        keeper.StopForLostLease(
            $"stopped by its worker itself: nothing heard from the control plane for {Durations.FormatTenths(silence)}", move.Grace);
    }

    /// <summary>Timers count whole milliseconds: what is less than one would be none.</summary>
    private void Set(TimeSpan at)
    {
        var left = at - Now;
        due = left > TimeSpan.Zero ? at : Now;
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(left.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The lease runs out: no renewal was answered for {Seconds:0.0} s; instances that may run once only are stopped")]
    private partial void LogLost(double seconds);
}
