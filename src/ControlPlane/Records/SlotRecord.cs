namespace Orchestrator.ControlPlane.Records;

/// <summary>What is remembered of one slot while it is wanted: which revision it runs, which names it has used, how it failed.</summary>
internal sealed record SlotRecord
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>The revision of the slot's next instance; a rollout moves it slot by slot.</summary>
    public required int Revision { get; init; }

    /// <summary>The highest attempt used in this revision; the next instance takes the one after.</summary>
    public required int Attempt { get; init; }

    /// <summary>The worker that the slot belongs to, in a global service only.</summary>
    public string? Worker { get; init; }

    /// <summary>The run of a job that the slot belongs to; 0 in anything but a job.</summary>
    public int Run { get; init; }

    /// <summary>How the slot's instances ended by themselves; none when there is nothing to remember.</summary>
    public FailureMemory? Failures { get; init; }

    /// <summary>Why nothing more is started here until a person changes something; none while it is tried.</summary>
    public string? Ended { get; init; }

    /// <summary>It has ended because its program has done its work: no change but a new revision begins it again.</summary>
    public bool IsFinished { get; init; }
}
