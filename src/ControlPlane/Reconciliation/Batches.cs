using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Brings a revision to the slots batch by batch. A slot is admitted when its successor has a place, and with it; one that has none keeps
/// what serves in it, and is passed over.
/// </summary>
internal static class Batches
{
    public static void Admit(Draft draft)
    {
        if (draft.Record.Rollout is not { Paused: null, Undecided: null } rollout) return;
        KeepWhatIsRight(draft, rollout);
        var underWay = rollout.Batch.Where(member => IsUnderWay(draft, member)).ToList();
        var room = RoomBeside(draft, underWay);
        if (room <= 0) return;
        if (rollout.Batch.Count == 0 && !Pending(draft, rollout).Any())
        {
            Finish(draft, rollout);
            return;
        }

        if (rollout.NextBatchAt is { } next && !draft.HasCome(next)) return;

        // Until all workers have been heard a slot that seems down may well serve.
        if (draft.Slots.Any(s => s.IsWanted && s.HasUnheard)) return;
        var admitted = Next(draft, rollout, room);
        if (admitted.Count > 0) Watch(draft, rollout, admitted);
        else if (underWay is [] && IsOver(draft, rollout)) Finish(draft, rollout);
    }

    /// <summary>
    /// How many may be admitted: the next batch when this one is done, and once as many again beside those whose images take long to
    /// arrive.
    /// </summary>
    private static int RoomBeside(Draft draft, List<MonitoredSlot> underWay)
    {
        var most = draft.Spec.Update.Parallelism;
        var isHeldUp = underWay.All(member => draft.Slots.Find(member.Slot) is { } slot && Fetches.IsSlow(draft, slot));
        return isHeldUp ? Math.Min(most, 2 * most - underWay.Count) : 0;
    }

    /// <summary>A member whose instance was taken from it and finds no new place holds up nobody.</summary>
    private static bool IsUnderWay(Draft draft, MonitoredSlot member)
    {
        var slot = draft.Slots.Find(member.Slot)!;
        if (slot.Newest is null) SlotDecisions.Fill(draft, slot);
        return slot.Items is not [];
    }

    private static void Watch(Draft draft, RolloutRecord rollout, List<SlotWork> admitted)
    {
        var batch = rollout.Batch.Concat(admitted.Select(slot => new MonitoredSlot(slot.Number))).OrderBy(member => member.Slot);
        rollout = rollout with { Batch = batch.ToValueList(), NextBatchAt = null, ProgressAt = draft.Now };
        draft.Change(draft.Record with { Rollout = rollout });
    }

    /// <summary>
    /// A slot in which an instance of the wanted revision still serves, beside or instead of a newer one, returns to it at once: nothing
    /// has to be started.
    /// </summary>
    private static void KeepWhatIsRight(Draft draft, RolloutRecord rollout)
    {
        foreach (var slot in draft.Slots)
        {
            if (!slot.IsWanted || slot.Record.Revision == rollout.To) continue;
            var serves = slot.Predecessor is { IsReady: true } predecessor && predecessor.Record.Revision == rollout.To;
            if (serves) draft.EnterRevision(slot, rollout.To, slot.Record.Worker);
        }
    }

    /// <summary>
    /// The slots of the next batch: those that serve nobody, then those in which a successor is already starting, then the lowest.
    /// Starting successors elsewhere, of a change that this one replaced or of moves, count against the batch: more surge than asked for
    /// there never is. Where the old one stops first, so do those that serve nobody since.
    /// </summary>
    private static List<SlotWork> Next(Draft draft, RolloutRecord rollout, int room)
    {
        var budget = new Budget(draft);
        var surge = room - draft.Slots.Count(s => s.IsWanted && s.IsSwapping && !Fetches.IsSlow(draft, s));
        var gaps = Succession.Of(draft.Spec).Order == UpdateOrder.StopFirst ? Gaps.Count(draft) : 0;
        surge -= gaps;
        List<SlotWork> admitted = [];
        foreach (var slot in Pending(draft, rollout).OrderBy(s => s.HasReady).ThenBy(s => !s.IsSwapping).ThenBy(s => s.Number).ToList())
        {
            var doubles = slot.HasReady && !slot.IsSwapping;
            if (doubles && surge <= 0 && gaps > 0) draft.Wait(slot.Number, Gaps.Words(rollout.To, gaps));
            if (admitted.Count == room || (doubles && surge <= 0)) continue;
            if (!Enter(draft, slot, rollout.To, budget)) continue;
            if (doubles) surge--;
            admitted.Add(slot);
        }

        return admitted;
    }

    /// <summary>Gives the slot the revision if its next instance has a place; else the slot stays as it is, and says why.</summary>
    private static bool Enter(Draft draft, SlotWork slot, int revision, Budget budget)
    {
        // What ends there now, and what is swapped, is dealt with first; then its turn comes.
        if (slot.IsSwapping || slot.Held is not null || slot.Leaving is not null)
            return draft.EnterRevisionIf(slot, revision, static () => true);
        return draft.EnterRevisionIf(slot, revision, () => Begins(draft, slot, budget));
    }

    private static bool Begins(Draft draft, SlotWork slot, Budget budget)
    {
        if (slot.Latest is not { } item) return Fills(draft, slot);
        var startFirst = Succession.Of(draft.Spec).Order == UpdateOrder.StartFirst;
        var why = $"revision {slot.Record!.Revision} replaces revision {item.Record.Revision}";
        if (SlotDecisions.Begin(draft, slot, item, why, startFirst, budget) is not { } nowhere) return true;
        draft.WaitForRoom(slot.Number, nowhere);
        return false;
    }

    private static bool Fills(Draft draft, SlotWork slot)
    {
        SlotDecisions.Fill(draft, slot);
        slot.IsTried = slot.Latest is not null;
        return slot.IsTried;
    }

    private static IEnumerable<SlotWork> Pending(Draft draft, RolloutRecord rollout) =>
        draft.Slots.Where(slot => slot.Record is { } record && record.Revision != rollout.To);

    /// <summary>Nothing is left to do but for slots that stay empty whatever the revision: they take the new one as well.</summary>
    private static bool IsOver(Draft draft, RolloutRecord rollout) =>
        Pending(draft, rollout).All(slot => slot.Items is [] && !SlotDecisions.IsPausing(slot, draft.Now))
        && !Pending(draft, rollout).Any(slot => Fills(draft, slot));

    private static void Finish(Draft draft, RolloutRecord rollout)
    {
        var placeless = Pending(draft, rollout).ToList();
        foreach (var slot in placeless) draft.EnterRevision(slot, rollout.To, slot.Record!.Worker);
        var total = draft.Slots.Wanted;
        var without = placeless.Count + rollout.Batch.Count;
        var noPlace = without > 0 ? $", {without} without a place" : "";
        var failed = rollout.Failed > 0 ? $", {rollout.Failed} failed" : "";
        var done = $"{total - without - rollout.Failed}/{total} updated to revision {rollout.To}{noPlace}{failed}";
        draft.Tell(HistoryKind.Rollout, rollout.Undoing ? $"back on revision {rollout.To}" : done, revision: rollout.To);
        draft.Change(draft.Record with { Rollout = null, LastRollout = rollout.Undoing ? draft.Record.LastRollout : done });
    }
}
