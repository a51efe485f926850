using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Moves take away at most as many serving instances at a time as the service allows, and an update doubles at most as many slots as its
/// parallelism.
/// </summary>
internal sealed class Budget
{
    private readonly ServiceSpec spec;

    /// <summary>An update that stops first takes away as many as it may update at a time.</summary>
    private readonly bool updatesStopFirst;

    private int moving;

    /// <summary>Slots that serve nobody; and those of them that are not merely empty for want of room.</summary>
    private int unavailable;
    private int failing;
    private int updating;

    /// <summary>Slots of the new revision that serve nobody.</summary>
    private int gaps;

    /// <summary>Slots that will serve nobody for a moment: their successors are held until their predecessors have ended.</summary>
    private int inPlace;

    public Budget(Draft draft)
    {
        spec = draft.Spec;
        updatesStopFirst = Succession.Of(spec).Order == UpdateOrder.StopFirst;
        foreach (var slot in draft.Slots)
        {
            if (!slot.IsWanted) continue;
            if (!slot.HasReady) unavailable++;
            if (!slot.HasReady && (slot.Items is not [] || slot.Record.Failures is not null)) failing++;
            else if (slot.HasReady && slot.Held is not null) inPlace++;
            if (slot.IsUpdating) updating += Fetches.IsSlow(draft, slot) ? 0 : 1;
            else if (slot.IsSwapping) moving++;
            else if (updatesStopFirst && Rollouts.IsBeingRetried(draft, slot)) updating++;
        }

        // What the rollout has admitted will be doubled, even if it is still being moved.
        updating += draft.Record.Rollout?.Batch.Count(member => draft.Slots.Find(member.Slot) is { IsUpdating: false, Items: not [] }) ?? 0;
        if (updatesStopFirst) gaps = Gaps.Count(draft);
    }

    /// <summary>Whether a slot that has been emptied by an update, and failed, waits for its turn to try again.</summary>
    public bool BoundsRetries => updatesStopFirst;

    public bool AllowsRetry => updating < spec.Update.Parallelism;

    /// <summary>Whether a member of the batch may go on: it is counted already.</summary>
    public bool AllowsMember => updating <= spec.Update.Parallelism;

    /// <summary>Whether one more may be updated in the place of its predecessor although the order is start-first.</summary>
    public bool AllowsInPlace => failing + inPlace < spec.MaxUnavailable;

    public bool AllowsMove(bool startFirst) => (startFirst ? moving : Math.Max(moving, unavailable + inPlace)) < spec.MaxUnavailable;

    /// <summary>Whether a predecessor that serves may end now, for its successor is ready to start.</summary>
    public bool AllowsTakeOver(SlotWork slot) =>
        !slot.IsUpdating ? unavailable < spec.MaxUnavailable
        : updatesStopFirst ? gaps < spec.Update.Parallelism : failing < spec.MaxUnavailable;

    public int MostTakenOver(SlotWork slot) => slot.IsUpdating && updatesStopFirst ? spec.Update.Parallelism : spec.MaxUnavailable;

    public void SpendRetry() => updating++;

    public void SpendInPlace() => inPlace++;

    public void SpendMove() => (moving, inPlace) = (moving + 1, inPlace + 1);

    public void SpendTakeOver() => (unavailable, failing, gaps) = (unavailable + 1, failing + 1, gaps + 1);
}
