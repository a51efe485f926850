using System.Collections.Frozen;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What follows from a situation: decisions to save first, then orders to send, and what cannot be done yet.</summary>
internal sealed record Plan
{
    /// <summary>
    /// The record with the decisions of this turn; the very same object when there are none, so nothing has to be written.
    /// </summary>
    public required ServiceRecord Record { get; init; }

    /// <summary>
    /// What this turn decided, and what earlier ones did and has not been seen to happen. Sending one twice does no harm.
    /// </summary>
    public ValueList<Step> Steps { get; init; } = [];

    /// <summary>What cannot be done yet and why, a sentence each, bounded.</summary>
    public ValueList<string> Waiting { get; init; } = [];

    /// <summary>The first of them for each slot that waits.</summary>
    public IReadOnlyDictionary<int, string> WaitingBySlot { get; init; } = FrozenDictionary<int, string>.Empty;

    /// <summary>When to decide again even if nothing happens; none when only news can change anything.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }

    /// <summary>
    /// What kept changing although the passes allow for every change: a mistake in the code, to be logged as an error. None when all was
    /// decided.
    /// </summary>
    public string? Unsettled { get; init; }

    /// <summary>Where an update stands, in words.</summary>
    public string? Rollout { get; init; }

    /// <summary>True when the service waits for room: tell it when a worker joins, returns, undrains or has room again.</summary>
    public bool WaitsForRoom { get; init; }

    /// <summary>Slots whose instance runs and is healthy.</summary>
    public int Ready { get; init; }

    /// <summary>
    /// The instances that were placed since a record was saved: steps to begin them, without those that are only repeated.
    /// </summary>
    public IEnumerable<Begin> PlacedSince(ServiceRecord? before)
    {
        var known = before?.Instances.Select(instance => instance.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        return Steps.OfType<Begin>().Where(begin => !known.Contains(begin.Instance));
    }
}
