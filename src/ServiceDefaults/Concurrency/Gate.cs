namespace Orchestrator.ServiceDefaults.Concurrency;

/// <summary>
/// Lets so many inside at the same time; the others wait in the order of their coming. Unlike a SemaphoreSlim, whose waits with a
/// cancellation go through the thread pool, it lets each go on where it was.
/// </summary>
public sealed class Gate(int places)
{
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int free = places;

    public async Task<T> Inside<T>(Func<Task<T>> act, CancellationToken cancel)
    {
        await Enter(cancel);
        try
        {
            return await act();
        }
        finally
        {
            Leave();
        }
    }

    public async Task Inside(Func<Task> act, CancellationToken cancel)
    {
        await Enter(cancel);
        try
        {
            await act();
        }
        finally
        {
            Leave();
        }
    }

    private async Task Enter(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        TaskCompletionSource turn;
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return;
            }

            waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using var _ = cancel.UnsafeRegister(static (turn, cancel) => ((TaskCompletionSource)turn!).TrySetCanceled(cancel), turn);
        await turn.Task;
    }

    private void Leave()
    {
        lock (gate)
        {
            // Who has been cancelled while it waited stands in the queue still and takes no place.
            while (waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult()) return;
            }

            free++;
        }
    }
}
