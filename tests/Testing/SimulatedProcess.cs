namespace Orchestrator.Testing;

/// <summary>
/// One process in <see cref="SimulatedTime"/>: what is begun in it goes on in it, by its own clock, until it is killed; then nothing of it
/// ever runs again.
/// </summary>
public sealed class SimulatedProcess
{
    private readonly SimulatedTime time;
    private readonly TimeSpan ahead;

    internal SimulatedProcess(SimulatedTime time, string name, TimeSpan ahead)
    {
        (this.time, Name, this.ahead) = (time, name, ahead);
        Context = new OwnContext(this);
        Clock = new OwnClock(this);
    }

    public string Name { get; }

    public bool Alive { get; private set; } = true;

    /// <summary>Where everything of this process is carried out.</summary>
    public SynchronizationContext Context { get; }

    /// <summary>The wall clock, the monotonic clock and the timers of this process.</summary>
    public TimeProvider Clock { get; }

    /// <summary>
    /// Begins something inside the process, after all that is ready now. What it throws comes out of <see cref="SimulatedTime.Run"/>.
    /// </summary>
    public void Do(Action work) => time.Post(this, static work => ((Action)work!)(), work);

    /// <inheritdoc cref="Do(Action)"/>
    public void Do(Func<Task> work) => time.Post(this, static async work => await ((Func<Task>)work!)(), work);

    /// <summary>Does something inside the process at exactly this time from now, unless it is dead by then.</summary>
    public void After(TimeSpan delay, Action work) =>
        new SimulatedTimer(time, this, static work => ((Action)work!)(), work, exact: true).Change(delay, Timeout.InfiniteTimeSpan);

    /// <summary>As kill -9: no continuation, timer or clean-up of it runs any more.</summary>
    public void Kill() => Alive = false;

    private sealed class OwnContext(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.time.Post(process, d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("nothing waits in a simulation");

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class OwnClock(SimulatedProcess process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long GetTimestamp() => process.time.Now.Ticks;

        public override DateTimeOffset GetUtcNow() => SimulatedTime.Beginning + process.time.Now + process.ahead;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimulatedTimer(process.time, process, callback, state, exact: false);
            timer.Change(dueTime, period);
            return timer;
        }
    }
}

/// <summary>
/// Stands at most once in the queue in front of its time: one that is set again for later stays where it is and is put back when its old
/// moment comes, so that a timer which is always set again before it fires (a lease) costs next to nothing.
/// </summary>
internal sealed class SimulatedTimer(
    SimulatedTime time, SimulatedProcess process, TimerCallback callback, object? state, bool exact) : ITimer
{
    public static readonly SendOrPostCallback Fire = static timer => ((SimulatedTimer)timer!).FireIfDue();

    private Moment? set;
    private Moment? queued;
    private long period;
    private bool due;

    public SimulatedProcess Process => process;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        this.period = period > TimeSpan.Zero ? period.Ticks : 0;
        due = false;
        Set(dueTime);
        return true;
    }

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    /// <summary>Its place in the queue has come up; what it is set to now decides.</summary>
    public bool IsDue(Moment moment)
    {
        if (moment != queued) return false;
        queued = null;
        if (set is not { } now || !process.Alive) return false;
        if (now.CompareTo(moment) > 0)
        {
            Queue(now);
            return false;
        }

        return due = true;
    }

    private void FireIfDue()
    {
        if (!due) return;
        due = false;
        set = null;
        if (period > 0) Set(new(period));
        callback(state);
    }

    private void Set(TimeSpan dueTime)
    {
        set = null;
        if (dueTime == TimeSpan.Zero)
        {
            due = true;
            time.Post(process, Fire, this);
            return;
        }

        if (dueTime > TimeSpan.Zero) set = time.In(dueTime.Ticks, exact);
        if (set is { } moment && (queued is not { } place || moment.CompareTo(place) < 0)) Queue(moment);
    }

    private void Queue(Moment moment)
    {
        queued = moment;
        time.Wait(this, moment);
    }
}
