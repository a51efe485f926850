namespace LocalDapr.Tests.Scheduling;

/// <summary>A clock whose timers ring before their time, as those of .NET may by some milliseconds: here after half of it.</summary>
internal sealed class EarlyClock : TimeProvider
{
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How often a timer rang.</summary>
    public int Rings { get; private set; }

    /// <summary>Whether anything waits still.</summary>
    public bool IsArmed => timers.Any(timer => timer.Due is not null);

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        timers.Add(timer);
        return timer;
    }

    /// <summary>Goes to the next ring.</summary>
    public void Next()
    {
        var first = timers.Where(timer => timer.Due is not null).MinBy(timer => timer.Due)!;
        now = first.Due!.Value;
        Rings++;
        first.Ring();
    }

    private sealed class Timer(EarlyClock clock, Action ring) : ITimer
    {
        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime < TimeSpan.Zero ? null : clock.now + (dueTime > TimeSpan.FromMilliseconds(1) ? dueTime / 2 : dueTime);
            return true;
        }

        public void Ring()
        {
            Due = null;
            ring();
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
