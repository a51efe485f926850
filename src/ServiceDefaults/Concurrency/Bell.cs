namespace Orchestrator.ServiceDefaults.Concurrency;

/// <summary>
/// Pauses that somebody can end, for one who waits again and again: one timer for all of them. A ring while nobody waits ends the next
/// pause.
/// </summary>
public sealed class Bell : IDisposable
{
    private readonly ITimer timer;
    private volatile TaskCompletionSource<bool> ring = Silent();

    public Bell(TimeProvider clock) =>
        timer = clock.CreateTimer(_ => ring.TrySetResult(false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Ring() => ring.TrySetResult(true);

    /// <summary>True when it has rung, false when the time has passed; a timer may come a few milliseconds early.</summary>
    public async Task<bool> Wait(TimeSpan atMost, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var pause = ring;
        timer.Change(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        using var _ = cancel.UnsafeRegister(static (pause, cancel) => ((TaskCompletionSource<bool>)pause!).TrySetCanceled(cancel), pause);
        try
        {
            return await pause.Task;
        }
        finally
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            ring = Silent();
        }
    }

    public void Dispose() => timer.Dispose();

    // Whoever rings is not made to do what follows.
    private static TaskCompletionSource<bool> Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
