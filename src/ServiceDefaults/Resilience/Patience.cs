namespace Orchestrator.ServiceDefaults.Resilience;

/// <summary>How long a remote call may take and whether it is tried again. Only idempotent calls are.</summary>
public sealed record Patience
{
    /// <summary>How long one try may take; none leaves it to the caller's cancellation.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The pauses between tries; none means one try.</summary>
    public Backoff? Backoff { get; init; }

    /// <summary>No further try begins when its pause would end later than this after the first; none tries until it succeeds.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Which failures may pass by themselves; the others end it at once.</summary>
    public Func<Exception, bool> IsPassing { get; init; } = static _ => true;

    /// <summary>Told of a failure before the pause that follows it.</summary>
    public Action<Exception, TimeSpan>? BeforePause { get; init; }
}
