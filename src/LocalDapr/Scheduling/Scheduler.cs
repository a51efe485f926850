namespace LocalDapr.Scheduling;

/// <summary>Everything that is due later, in one queue with one timer: a thousand idle actors cost nothing but memory.</summary>
internal sealed class Scheduler : IDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);
    private readonly Lock gate = new();
    private readonly PriorityQueue<Entry, (long Due, long Order)> queue = new();
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private long order;
    private bool stopped;

    public Scheduler(TimeProvider clock)
    {
        this.clock = clock;
        timer = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Calls <paramref name="run"/>, which must not block, when it is due; what is past is due now. Dispose to forget it.
    /// </summary>
    public IDisposable At(DateTimeOffset due, Action run)
    {
        var entry = new Entry(run);
        lock (gate)
        {
            if (stopped) return entry;
            queue.Enqueue(entry, (due.UtcTicks, order++));
            Arm();
        }

        return entry;
    }

    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            queue.Clear();
        }

        timer.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            Action? run;
            lock (gate)
            {
                armedFor = long.MaxValue;
                if (stopped || !queue.TryPeek(out var next, out var when) || when.Due > clock.GetUtcNow().UtcTicks)
                {
                    Arm();
                    return;
                }

                queue.Dequeue();
                run = next.Take();
            }

            run?.Invoke();
        }
    }

    private void Arm()
    {
        while (queue.TryPeek(out var head, out _) && head.Forgotten) queue.Dequeue();
        if (stopped || !queue.TryPeek(out _, out var first) || first.Due >= armedFor) return;
        armedFor = first.Due;
        var wait = new DateTimeOffset(first.Due, TimeSpan.Zero) - clock.GetUtcNow();
        if (wait > LongestSleep) wait = LongestSleep;
        // A timer counts whole milliseconds: rounded down it would fire early and look twice.
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(Action run) : IDisposable
    {
        private Action? run = run;

        public bool Forgotten => Volatile.Read(ref run) is null;

        public Action? Take() => Interlocked.Exchange(ref run, null);

        public void Dispose() => Take();
    }
}
