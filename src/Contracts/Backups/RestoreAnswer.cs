using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Backups;

/// <summary>What a restore did, or in a dry run would do, with each thing in the backup.</summary>
public sealed record RestoreAnswer(bool DryRun, ValueList<RestoredItem> Items);

/// <param name="Part">The kind of thing: <c>services</c>.</param>
/// <param name="Reason">Why, in words; of what was adopted where it runs.</param>
public sealed record RestoredItem(string Part, string Name, RestoreOutcome Outcome, string? Reason = null);

public enum RestoreOutcome
{
    /// <summary>There was none of this name.</summary>
    Created,

    /// <summary>The same, and something of it still runs: it goes on.</summary>
    Adopted,

    /// <summary>It is as the backup says.</summary>
    Unchanged,

    /// <summary>It was another one, and is changed to what the backup says.</summary>
    Replaced,

    /// <summary>One of this name is there and differs, or the backup holds something that cannot be.</summary>
    Refused,

    /// <summary>Nobody answered for it; restoring once more does what is left.</summary>
    Failed,
}
