namespace LocalDapr.Resiliency;

/// <summary>What the Resiliency files tell, with names of policies resolved.</summary>
internal sealed record ResiliencySpec
{
    public IReadOnlyDictionary<string, ResiliencyTarget> Apps { get; init; } = new Dictionary<string, ResiliencyTarget>();

    public IReadOnlyDictionary<string, ResiliencyTarget> Actors { get; init; } = new Dictionary<string, ResiliencyTarget>();

    public IReadOnlyDictionary<string, ResiliencyTarget> Inbound { get; init; } = new Dictionary<string, ResiliencyTarget>();
}

/// <summary>The policies of one target.</summary>
internal sealed record ResiliencyTarget(TimeSpan? Timeout, RetryPolicy? Retry, BreakerOptions? Breaker, bool BreakerPerActor);

/// <summary>A circuit breaker: opens after so many failures in a row, for so long, then lets so many calls try.</summary>
internal sealed record BreakerOptions(int Failures, TimeSpan Open, int Trials);
