namespace Orchestrator.Testing;

/// <summary>
/// Virtual time for any number of simulated processes, on the one thread that pumps it. What is ready runs in the order of its making; when
/// nothing is, time jumps to the next timer. One seed and the same work give the same order of everything.
/// </summary>
/// <param name="seed">Decides which timers are uneven, and by how much.</param>
/// <param name="uneven">Real timers do not fire at their time by the monotonic clock: here one in four is up to 5 ms early, one in four up
/// to 10 ms late.</param>
public sealed class SimulatedTime(int seed, bool uneven = true)
{
    /// <summary>What every process's wall clock shows at zero.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>More than any real moment holds: work that makes ready work for ever stops the time.</summary>
    private const int MostAtOneMoment = 10_000_000;

    private const int Earliest = 5 * (int)TimeSpan.TicksPerMillisecond;
    private const int Latest = 10 * (int)TimeSpan.TicksPerMillisecond;

    private readonly Queue<Work> ready = new();
    private readonly PriorityQueue<SimulatedTimer, Moment> waiting = new();
    private readonly Random dice = new(seed);
    private int thread = Environment.CurrentManagedThreadId;
    private string? strayed;
    private long now;
    private long order;
    private int atThisMoment;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Now => new(now);

    /// <summary>Timers and continuations that have run so far.</summary>
    public long Dispatched { get; private set; }

    /// <summary>A new process; one that was killed does not come back, a new one takes its place.</summary>
    /// <param name="ahead">How far its wall clock is ahead of what it should show; it may be behind.</param>
    public SimulatedProcess Start(string name, TimeSpan ahead = default) => new(this, name, ahead);

    /// <summary>Runs everything that is due up to this time since the beginning, or until it is enough.</summary>
    /// <param name="enough">Asked after each step.</param>
    /// <returns>Whether it was enough before the time had come.</returns>
    /// <exception cref="InvalidOperationException">Something of a process ran on another thread, or never comes to an end at one
    /// moment.</exception>
    public bool Run(TimeSpan until, Func<bool>? enough = null)
    {
        var outer = SynchronizationContext.Current;
        thread = Environment.CurrentManagedThreadId;
        try
        {
            while (true)
            {
                if (Volatile.Read(ref strayed) is { } what) throw new InvalidOperationException(what);
                if (enough is not null && enough()) return true;
                if (ready.TryDequeue(out var work)) Do(work);
                else if (!Advance(until.Ticks)) return false;
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    internal void Post(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        if (process.Alive && IsHere(process)) ready.Enqueue(new(process, callback, state));
    }

    /// <summary>When a timer that is set now fires, and in which turn among those of the same time.</summary>
    internal Moment In(long ticks, bool exact)
    {
        if (uneven && !exact && ticks > 0) ticks += Unevenness(ticks);
        return new(ticks > long.MaxValue - now ? long.MaxValue : now + ticks, order++);
    }

    /// <summary>The timer waits in the queue until this moment, whatever it is set to then.</summary>
    internal void Wait(SimulatedTimer timer, Moment moment)
    {
        if (timer.Process.Alive && IsHere(timer.Process)) waiting.Enqueue(timer, moment);
    }

    private bool Advance(long until)
    {
        if (!waiting.TryPeek(out _, out var next) || next.Due > until)
        {
            now = Math.Max(now, until);
            return false;
        }

        if (next.Due > now) (now, atThisMoment) = (next.Due, 0);
        while (waiting.TryPeek(out var timer, out var moment) && moment.Due <= now)
        {
            waiting.Dequeue();
            if (timer.IsDue(moment)) ready.Enqueue(new(timer.Process, SimulatedTimer.Fire, timer));
        }

        return true;
    }

    private void Do(Work work)
    {
        if (!work.Process.Alive) return;
        if (++atThisMoment > MostAtOneMoment)
            throw new InvalidOperationException($"time stands still at {Now}: {work.Process.Name} always has something to do");
        Dispatched++;
        SynchronizationContext.SetSynchronizationContext(work.Process.Context);
        work.Callback(work.State);
    }

    /// <summary>Never so early that a timer which is set again for the little that is left would not let time pass.</summary>
    private long Unevenness(long ticks)
    {
#pragma warning disable CA5394 // A seed, not a secret.
        return dice.Next(4) switch
        {
            0 => -dice.NextInt64(Math.Min(Earliest, ticks / 2) + 1),
            1 => dice.Next(Latest + 1),
            _ => 0,
        };
#pragma warning restore CA5394
    }

    private bool IsHere(SimulatedProcess process)
    {
        if (Environment.CurrentManagedThreadId == thread) return true;
        // The queues are for one thread; and whoever came by another would come in another order next time.
        Interlocked.CompareExchange(
            ref strayed, $"{process.Name} has strayed to another thread:{Environment.NewLine}{Environment.StackTrace}", null);
        return false;
    }

    private readonly record struct Work(SimulatedProcess Process, SendOrPostCallback Callback, object? State);
}

/// <summary>A place in the order of all timers.</summary>
internal readonly record struct Moment(long Due, long Order) : IComparable<Moment>
{
    public int CompareTo(Moment other) => Due != other.Due ? Due.CompareTo(other.Due) : Order.CompareTo(other.Order);
}
