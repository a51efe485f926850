namespace LocalDapr.Health;

/// <summary>Whether the sidecar and its app can be used.</summary>
internal sealed class Readiness
{
    private volatile TaskCompletionSource ready = NewSignal();

    /// <summary>Once ready it stays so for whoever asks the sidecar: it is the app that comes and goes.</summary>
    public bool WasReached { get; private set; }

    public Task WhenReachedAsync(CancellationToken cancel) => ready.Task.WaitAsync(cancel);

    public void Reached()
    {
        WasReached = true;
        ready.TrySetResult();
    }

    /// <summary>Who waits from now on waits for the app's return.</summary>
    public void Lost()
    {
        if (ready.Task.IsCompleted) ready = NewSignal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
