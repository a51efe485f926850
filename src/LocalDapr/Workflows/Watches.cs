namespace LocalDapr.Workflows;

/// <summary>Tells whoever waits for an instance that something about it has changed.</summary>
internal sealed class Watches
{
    private readonly Dictionary<WorkflowKey, Signal> signals = [];

    public Watch Begin(WorkflowKey key)
    {
        lock (signals)
        {
            if (!signals.TryGetValue(key, out var signal)) signals[key] = signal = new();
            signal.Watchers++;
            return new(this, key);
        }
    }

    public void Changed(WorkflowKey key)
    {
        TaskCompletionSource before;
        lock (signals)
        {
            if (!signals.TryGetValue(key, out var signal)) return;
            before = signal.Next;
            signal.Next = NewSignal();
        }

        before.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal readonly struct Watch(Watches watches, WorkflowKey key) : IDisposable
    {
        /// <summary>Completes at the next change after it was asked for.</summary>
        public Task Next
        {
            get
            {
                lock (watches.signals) return watches.signals[key].Next.Task;
            }
        }

        public void Dispose()
        {
            lock (watches.signals)
            {
                if (--watches.signals[key].Watchers == 0) watches.signals.Remove(key);
            }
        }
    }

    private sealed class Signal
    {
        public int Watchers { get; set; }

        public TaskCompletionSource Next { get; set; } = NewSignal();
    }
}
