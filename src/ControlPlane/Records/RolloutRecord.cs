using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Records;

/// <summary>Where an update stands. Which slots are still to come follows from their revisions.</summary>
internal sealed record RolloutRecord
{
    /// <summary>The last revision that was good, to which a failure returns; when a failed update is undone, the failed one.</summary>
    public required int From { get; init; }

    public required int To { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Slots that were given the new revision and have not proven good yet.</summary>
    public ValueList<MonitoredSlot> Batch { get; init; } = [];

    /// <summary>When it got on last; none in a record of an earlier version.</summary>
    public DateTimeOffset? ProgressAt { get; init; }

    /// <summary>Slots that failed and were tolerated.</summary>
    public int Failed { get; init; }

    /// <summary>Those of them that have not proven good since: they try again within the parallelism.</summary>
    public ValueList<int> Retrying { get; init; } = [];

    /// <summary>Why no further slot is touched; none while it goes on.</summary>
    public string? Paused { get; init; }

    /// <summary>
    /// How it has failed, while the revision to return to serves and has not served for long enough to be called good; none otherwise.
    /// </summary>
    public string? Undecided { get; init; }

    /// <summary>
    /// True when a failed update is being undone: then a failure stops nothing, because there is nothing better to return to.
    /// </summary>
    public bool Undoing { get; init; }

    /// <summary>True when a person asked to return to an older revision.</summary>
    public bool Back { get; init; }

    /// <summary>The next batch begins no earlier.</summary>
    public DateTimeOffset? NextBatchAt { get; init; }
}

/// <param name="Attempt">The attempt that is being watched; none before the new instance is ready.</param>
/// <param name="Until">When it counts as good.</param>
internal sealed record MonitoredSlot(int Slot, int? Attempt = null, DateTimeOffset? Until = null);
