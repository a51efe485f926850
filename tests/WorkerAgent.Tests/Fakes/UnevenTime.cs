using Microsoft.Extensions.Time.Testing;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>
/// A clock that stands until it is moved, and of whose timers every fourth is 5 ms early by that clock, as real ones may be.
/// </summary>
internal sealed class UnevenTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(5);
    private int set;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new UnevenTimer(this, base.CreateTimer(callback, state, Uneven(dueTime), period));

    private TimeSpan Uneven(TimeSpan due) => due > Early * 2 && Interlocked.Increment(ref set) % 4 == 0 ? due - Early : due;

    private sealed class UnevenTimer(UnevenTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Uneven(dueTime), period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
