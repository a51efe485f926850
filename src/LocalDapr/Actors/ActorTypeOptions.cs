namespace LocalDapr.Actors;

/// <summary>What an app told about one of its actor types in <c>/dapr/config</c>.</summary>
internal sealed record ActorTypeOptions
{
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>How long a running turn may go on when its actor moves; zero cancels at once.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    public bool Reentrant { get; init; }

    public int MaxStackDepth { get; init; } = 32;
}
