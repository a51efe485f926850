using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Contracts.Services;

/// <summary>How a new revision reaches the running instances.</summary>
public sealed record UpdatePolicy
{
    /// <summary>Slots updated at the same time; 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int Parallelism { get; init; } = 1;

    /// <summary>Pause after each batch; 0 s to 24 h.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// Start the successor first or stop the predecessor first; none lets the service decide (start-first unless a fixed host port, an
    /// exclusive volume or <see cref="LeaseLoss.Stop"/> forbids it).
    /// </summary>
    public UpdateOrder? Order { get; init; }

    /// <summary>An updated instance must have stayed running and healthy for so long to count as good; 0 s to 24 h.</summary>
    public TimeSpan Monitor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An update of which no slot has proven good, or been begun, for so long beyond pauses and <see cref="Monitor"/> has failed; 1 s to
    /// 24 h.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What happens when more than <see cref="MaxFailureRatio"/> of the updated slots failed.</summary>
    public FailureAction OnFailure { get; init; } = FailureAction.Rollback;

    /// <summary>Tolerated part of failed slots, 0 to 1.</summary>
    [Range(0, 1)]
    public double MaxFailureRatio { get; init; }
}

public enum UpdateOrder { StartFirst, StopFirst }

public enum FailureAction { Rollback, Pause, Continue }
