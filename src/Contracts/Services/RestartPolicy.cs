using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Contracts.Services;

/// <summary>What happens after an instance has ended by itself. A restart is a new instance in the same slot.</summary>
public sealed record RestartPolicy
{
    public RestartCondition Condition { get; init; } = RestartCondition.Always;

    /// <summary>
    /// Pause before the second restart in a row; the first is immediate and each further pause is twice as long. 0 s to 1 h.
    /// </summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause; 0 s to 24 h.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>An instance that ran well for so long starts the count anew; 1 s to 24 h.</summary>
    public TimeSpan ResetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// So many failures of a slot within <see cref="Window"/> end the attempts until something changes; 0 means no bound. 0 to 1,000.
    /// </summary>
    [Range(0, 1000)]
    public int Attempts { get; init; }

    /// <summary>Failures older than this no longer count; 1 s to 24 h.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);
}

public enum RestartCondition { Always, OnFailure, Never }
