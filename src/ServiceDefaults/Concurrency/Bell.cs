namespace Orchestrator.ServiceDefaults.Concurrency;

/// <summary>
/// Pauses that somebody can end, for one who waits again and again: one timer for all of them. A ring while nobody waits ends the next
/// pause. What follows a pause runs where the timer does; whoever rings is not made to do it.
/// </summary>
public sealed class Bell : IDisposable
{
    private readonly ITimer timer;
    private volatile TaskCompletionSource<bool> pause = new();
    private volatile bool rung;

    public Bell(TimeProvider clock) =>
        timer = clock.CreateTimer(_ => pause.TrySetResult(rung), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Ring()
    {
        rung = true;
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True when it has rung, false when the time has passed; a timer may come a few milliseconds early.</summary>
    public async Task<bool> Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var mine = pause = new();
        timer.Change(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        // Looked at after the timer was set, so that a ring in between does not wait for it.
        if (rung) timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        using var _ = cancel.UnsafeRegister(static (mine, cancel) => ((TaskCompletionSource<bool>)mine!).TrySetCanceled(cancel), mine);
        var heard = await mine.Task;
        if (heard) rung = false;
        return heard;
    }

    public void Dispose() => timer.Dispose();
}
