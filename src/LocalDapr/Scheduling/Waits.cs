namespace LocalDapr.Scheduling;

internal static class Waits
{
    /// <summary>Waits for the task, at most this long; never throws for a time-out.</summary>
    public static async Task<bool> IsCompletedWithin(this Task task, TimeSpan limit, TimeProvider clock, CancellationToken cancel = default)
    {
        if (task.IsCompleted) return true;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var first = await Task.WhenAny(task, Task.Delay(limit, clock, stop.Token));
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first == task;
    }
}
