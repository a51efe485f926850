namespace Orchestrator.ControlPlane.Services;

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

    /// <summary>How the slot's instances ended by themselves; none when there is nothing to remember.</summary>
    public FailureMemory? Failures { get; init; }

    /// <summary>Why nothing more is started here until a person changes something; none while it is tried.</summary>
    public string? Ended { get; init; }
}

/// <summary>A few figures instead of a list, so that a slot that fails for weeks stays small.</summary>
internal sealed record FailureMemory
{
    /// <summary>Ends by themselves in a row, none of them after a healthy while.</summary>
    public required int InARow { get; init; }

    /// <summary>Ends since <see cref="Since"/>, which is at most one window ago.</summary>
    public required int Count { get; init; }

    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Last { get; init; }

    /// <summary>Nothing is started in the slot before this moment.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Where the last one ended, and how many in a row ended there.</summary>
    public required string Worker { get; init; }

    public required int OnWorker { get; init; }

    /// <summary>How the last one ended: <c>exit code 1: no such file</c>.</summary>
    public required string What { get; init; }
}
