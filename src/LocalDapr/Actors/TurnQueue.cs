namespace LocalDapr.Actors;

/// <summary>
/// One turn at a time, in order of arrival. A call that carries the chain of the running turn enters at once and goes one level deeper;
/// one that carries the chain of a waiting turn waits with it.
/// </summary>
internal sealed class TurnQueue
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiting> waiting = [];
    private string? chain;
    private int depth;
    private TaskCompletionSource? closed;

    /// <summary>True: it is your turn, call <see cref="Leave"/>. False: the actor is being halted here.</summary>
    /// <exception cref="StackTooDeepException">The chain is deeper than allowed.</exception>
    public ValueTask<bool> EnterAsync(string? myChain, int maxDepth, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (closed is not null && !(depth > 0 && myChain is not null && myChain == chain)) return new(false);
            if (depth == 0)
            {
                (chain, depth) = (myChain, 1);
                return new(true);
            }

            if (myChain is not null && myChain == chain)
            {
                if (depth >= maxDepth) throw new StackTooDeepException(maxDepth);
                depth++;
                return new(true);
            }

            var mine = new Waiting(myChain, Peer(myChain));
            if (Depth(mine) > maxDepth) throw new StackTooDeepException(maxDepth);
            waiting.AddLast(mine);
            return new(WaitAsync(mine, cancel));
        }
    }

    /// <summary>Ends a turn (or one level of it) and lets the next one in.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--depth > 0) return;
            chain = null;
            if (closed is not null) closed.TrySetResult();
            else LetIn();
        }
    }

    /// <summary>Refuses all who wait or come from now on; completes when the running turn has ended.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            if (closed is not null) return closed.Task;
            closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var one in waiting) one.Turn.TrySetResult(false);
            waiting.Clear();
            if (depth == 0) closed.SetResult();
            return closed.Task;
        }
    }

    /// <summary>Closes only if nobody is inside or waiting.</summary>
    public bool TryCloseIdle()
    {
        lock (gate)
        {
            if (depth > 0 || closed is not null) return false;
            closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            closed.SetResult();
            return true;
        }
    }

    private void LetIn()
    {
        while (waiting.First is { } first)
        {
            waiting.RemoveFirst();
            if (!first.Value.Turn.TrySetResult(true)) continue;
            (chain, depth) = (first.Value.Chain, 1);
            if (chain is null) return;
            for (var node = waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Chain == chain)
                {
                    waiting.Remove(node);
                    if (node.Value.Turn.TrySetResult(true)) depth++;
                }

                node = next;
            }

            return;
        }
    }

    private Waiting? Peer(string? myChain) => myChain is null ? null : waiting.FirstOrDefault(w => w.Chain == myChain);

    private int Depth(Waiting one) => one.Peer is null ? 1 : 1 + waiting.Count(w => w.Chain == one.Chain);

    private async Task<bool> WaitAsync(Waiting mine, CancellationToken cancel)
    {
        await using var giveUp = cancel.UnsafeRegister(static (state, token) => ((Waiting)state!).Turn.TrySetCanceled(token), mine);
        try
        {
            return await mine.Turn.Task;
        }
        catch (OperationCanceledException)
        {
            lock (gate) waiting.Remove(mine);
            throw;
        }
    }

    private sealed record Waiting(string? Chain, Waiting? Peer)
    {
        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

internal sealed class StackTooDeepException(int limit) : Exception($"maximum stack depth exceeded: {limit}");
