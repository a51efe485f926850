using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Brings a revision to the slots batch by batch: watch the batch, judge it, and admit the next, pause or go back.</summary>
internal static class Rollouts
{
    public static void Advance(Draft draft)
    {
        if (draft.Record.Rollout is not { } rollout) return;
        rollout = Watch(draft, rollout, out var failure);
        if (failure is not null && Judge(draft, rollout, failure) is { } verdict) rollout = verdict;
        rollout = Admit(draft, rollout);
        var pending = draft.Slots.Any(s => s.Record is { } record && record.Revision != rollout.To);
        if (rollout.Batch.Count == 0 && !pending && rollout.Paused is null) Finish(draft, rollout);
        else if (rollout != draft.Record.Rollout) draft.Change(draft.Record with { Rollout = rollout });
    }

    /// <summary><c>revision 6: 4/10 updated, 1 starting, monitoring until 12:00:05</c>; none when no rollout is under way.</summary>
    public static string? Words(Draft draft)
    {
        if (draft.Record.Rollout is not { } rollout) return null;
        var (total, updated) = (0, 0);
        foreach (var slot in draft.Slots)
        {
            if (slot.Record is null) continue;
            total++;
            if (slot.Record.Revision == rollout.To) updated++;
        }

        var starting = rollout.Batch.Count(m => m.Until is null);
        var until = rollout.Batch.Max(m => m.Until);
        return (rollout.Undoing ? $"undoing revision {rollout.From}, back to {rollout.To}" : rollout.Back ? $"back to revision {rollout.To}" : $"revision {rollout.To}")
            + $": {updated - rollout.Batch.Count}/{total} updated"
            + (starting > 0 ? $", {starting} starting" : "")
            + (until is { } monitored ? $", monitoring until {monitored:HH:mm:ss}" : "")
            + (rollout.Failed > 0 ? $", {rollout.Failed} failed" : "")
            + (rollout.Batch.Count == 0 && rollout.NextBatchAt is { } next && next > draft.Now ? $", next batch at {next:HH:mm:ss}" : "")
            + (rollout.Paused is { } paused ? $"; paused: {paused}" : "");
    }

    /// <summary>True while the slot's new instance has yet to prove good: until then its predecessor goes on serving, so that a bad revision takes nothing away.</summary>
    public static bool IsWatching(Draft draft, SlotWork slot, Item latest)
    {
        if (Member(draft, slot) is { } member) return !(draft.Now >= member.Until);
        if (!slot.IsUpdating) return false;

        // A retry belongs to no batch, and is watched from its start; should the worker's clock be wrong, from its decision.
        var decided = latest.Record.DecidedAt;
        var since = latest.Seen?.Report.StartedAt is { } started && started > decided && started <= draft.Now ? started : decided;
        if (since + draft.Spec.Update.Monitor <= draft.Now) return false;
        draft.LookAgain(since + draft.Spec.Update.Monitor);
        return true;
    }

    /// <summary>True for a slot that the rollout has admitted and that has neither proven good nor failed yet.</summary>
    public static bool IsInBatch(Draft draft, SlotWork slot) => Member(draft, slot) is not null;

    private static MonitoredSlot? Member(Draft draft, SlotWork slot)
    {
        if (draft.Record.Rollout is not { } rollout) return null;
        foreach (var member in rollout.Batch.AsSpan())
        {
            if (member.Slot == slot.Number) return member;
        }

        return null;
    }

    /// <summary>A member of the batch counts as good when it has served for the monitor window and its predecessor has ended; it fails when its new instance ends by itself.</summary>
    private static RolloutRecord Watch(Draft draft, RolloutRecord rollout, out string? failure)
    {
        failure = null;
        List<MonitoredSlot> batch = [];
        var failed = 0;
        foreach (var member in rollout.Batch)
        {
            var slot = draft.FindSlot(member.Slot);
            if (slot?.Record is null || slot.Record.Revision != rollout.To) continue;
            if (slot.FailedNow is { } what)
            {
                failed++;
                failure ??= $"slot {slot.Number} failed: {what}";
                continue;
            }

            var latest = slot.Latest is { } newest && newest.Record.Revision == rollout.To ? newest : null;
            var watched = member;
            if (latest is { IsReady: true })
            {
                if (member.Attempt != latest.Record.Attempt) watched = new MonitoredSlot(slot.Number, latest.Record.Attempt, draft.Now + draft.Spec.Update.Monitor);
                if (draft.Now >= watched.Until && slot.Predecessor == latest && slot.Leaving is null) continue;
                if (watched.Until > draft.Now) draft.LookAgain(watched.Until.Value);
            }
            else if (latest is not { Standing: Standing.Unheard } && member.Until is not null)
            {
                watched = new MonitoredSlot(slot.Number);
            }

            batch.Add(watched);
        }

        var watchedBatch = batch.ToValueList();
        if (failed == 0 && watchedBatch.Equals(rollout.Batch)) return rollout;
        return rollout with
        {
            Batch = watchedBatch,
            Failed = rollout.Failed + failed,
            NextBatchAt = batch.Count == 0 && draft.Spec.Update.Delay > TimeSpan.Zero && !rollout.Undoing ? draft.Now + draft.Spec.Update.Delay : rollout.NextBatchAt,
        };
    }

    /// <summary>What a failure means; none when it is tolerated.</summary>
    private static RolloutRecord? Judge(Draft draft, RolloutRecord rollout, string failure)
    {
        var policy = draft.Spec.Update;
        if (rollout.Undoing || policy.OnFailure == FailureAction.Continue) return null;
        if ((double)rollout.Failed / Math.Max(1, draft.WantedSlots) <= policy.MaxFailureRatio) return null;
        if (policy.OnFailure == FailureAction.Pause || rollout.Back || rollout.From == rollout.To || draft.Record.FindRevision(rollout.From) is not { } good)
        {
            draft.Tell(HistoryKind.Rollout, $"the rollout of revision {rollout.To} is paused: {failure}", revision: rollout.To);
            return rollout with { Paused = failure };
        }

        draft.Tell(HistoryKind.Rollout, $"revision {rollout.To} is rolled back to {good.Number}: {failure}", revision: good.Number);
        draft.Change(draft.Record with
        {
            Revision = good.Number,
            Spec = draft.Spec with { Container = good.Spec.Container },
            LastRollout = $"revision {rollout.To} was rolled back to {good.Number}: {failure}",
        });
        return new RolloutRecord { From = rollout.To, To = good.Number, StartedAt = draft.Now, Undoing = true };
    }

    private static RolloutRecord Admit(Draft draft, RolloutRecord rollout)
    {
        if (rollout.Paused is null) KeepWhatIsRight(draft, rollout);
        if (rollout.Paused is not null || rollout.Batch.Count > 0) return rollout;
        if (rollout.NextBatchAt is { } next && next > draft.Now)
        {
            draft.LookAgain(next);
            return rollout;
        }

        // Until all workers have been heard a slot that seems down may well serve.
        if (draft.Slots.Any(s => s.Record is not null && s.HasUnheard)) return rollout;
        var admitted = Next(draft, rollout);
        if (admitted.Count == 0) return rollout;
        foreach (var slot in admitted)
        {
            draft.LeaveRevision(slot.Record!);
            draft.SetSlot(slot, draft.EnterRevision(slot.Number, rollout.To, slot.Record!.Worker));
        }

        return rollout with { Batch = admitted.Select(s => new MonitoredSlot(s.Number)).ToValueList(), NextBatchAt = null };
    }

    /// <summary>A slot in which an instance of the wanted revision still serves, beside or instead of a newer one, returns to it at once: nothing has to be started.</summary>
    private static void KeepWhatIsRight(Draft draft, RolloutRecord rollout)
    {
        foreach (var slot in draft.Slots)
        {
            var right = slot.Predecessor;
            if (slot.Record is null || slot.Record.Revision == rollout.To || right is not { IsReady: true } || right.Record.Revision != rollout.To) continue;
            var worker = slot.Record.Worker;
            draft.LeaveRevision(slot.Record);
            draft.SetSlot(slot, draft.EnterRevision(slot.Number, rollout.To, worker));
        }
    }

    /// <summary>
    /// The slots of the next batch: those that serve nobody, then those in which a successor is already starting, then the lowest. Starting successors
    /// elsewhere, of a change that this one replaced or of moves, count against the batch: more surge than asked for there never is.
    /// </summary>
    private static List<SlotWork> Next(Draft draft, RolloutRecord rollout)
    {
        var most = draft.Spec.Update.Parallelism;
        var batch = draft.Slots
            .Where(s => s.Record is { } record && record.Revision != rollout.To)
            .OrderBy(s => s.HasReady).ThenBy(s => !s.IsSwapping).ThenBy(s => s.Number)
            .Take(most).ToList();
        var surge = most - draft.Slots.Count(s => s.Record is not null && s.IsSwapping);
        return batch.Where(s => !s.HasReady || s.IsSwapping || surge-- > 0).OrderBy(s => s.Number).ToList();
    }

    private static void Finish(Draft draft, RolloutRecord rollout)
    {
        var total = draft.WantedSlots;
        var done = $"{total - rollout.Failed}/{total} updated to revision {rollout.To}{(rollout.Failed > 0 ? $", {rollout.Failed} failed" : "")}";
        draft.Tell(HistoryKind.Rollout, rollout.Undoing ? $"back on revision {rollout.To}" : done, revision: rollout.To);
        draft.Change(draft.Record with { Rollout = null, LastRollout = rollout.Undoing ? draft.Record.LastRollout : done });
    }
}
