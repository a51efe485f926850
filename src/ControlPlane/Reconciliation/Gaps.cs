using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Slots that have been given the revision of a rollout and serve nobody: where what serves stops first, they count.</summary>
internal static class Gaps
{
    public static int Count(Draft draft) =>
        draft.Record.Rollout is { } rollout ? draft.Slots.Count(slot => IsGap(draft, rollout, slot)) : 0;

    public static string Words(int revision, int gaps) => gaps == 1
        ? $"waits for its turn: a slot that runs revision {revision} already serves nobody at present"
        : $"waits for its turn: {gaps} slots that run revision {revision} already serve nobody at present";

    /// <summary>
    /// Not one that is empty for want of room, nor one that is given up; and who goes on in spite of failures does not wait for a pause
    /// after one.
    /// </summary>
    private static bool IsGap(Draft draft, RolloutRecord rollout, SlotWork slot)
    {
        if (slot.Record is not { IsFinished: false, Ended: null } record || record.Revision != rollout.To || slot.HasReady) return false;
        if (slot.Newest is { } newest) return IsAwaited(draft, newest);
        if (slot.Items is not []) return true;
        var goesOn = rollout.Undoing || draft.Spec.Update.OnFailure == FailureAction.Continue;
        var isTolerated = goesOn || rollout.Retrying.Contains(slot.Number);
        return record.Failures is not null && !(isTolerated && SlotDecisions.IsPausing(slot, draft.Now));
    }

    /// <summary>What does not come to serve in the time of an update holds nobody up for ever.</summary>
    public static bool IsAwaited(Draft draft, Item item) =>
        !draft.HasCome(item.Record.DecidedAt + draft.Spec.Update.Deadline + draft.Spec.Update.Monitor);
}
