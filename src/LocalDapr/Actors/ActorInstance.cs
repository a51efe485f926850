namespace LocalDapr.Actors;

/// <summary>An actor while it is active on one replica: its turns, and when it was last used.</summary>
internal sealed class ActorInstance(ActorAddress address, ActorTypeOptions options, DateTimeOffset now) : IDisposable
{
    private readonly CancellationTokenSource halted = new();
    private readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastUsed = now.UtcTicks;

    public ActorAddress Address => address;

    public ActorTypeOptions Options => options;

    public TurnQueue Turns { get; } = new();

    /// <summary>Fires when a turn has outlived the drain.</summary>
    public CancellationToken Halted => halted.Token;

    /// <summary>Completes when nothing of the actor is left here.</summary>
    public Task Gone => gone.Task;

    public DateTimeOffset IdleAt => new DateTimeOffset(Volatile.Read(ref lastUsed), TimeSpan.Zero) + options.IdleTimeout;

    public void Used(DateTimeOffset when) => Volatile.Write(ref lastUsed, when.UtcTicks);

    public void CancelTurn() => halted.Cancel();

    public void IsGone() => gone.TrySetResult();

    public void Dispose() => halted.Dispose();
}
