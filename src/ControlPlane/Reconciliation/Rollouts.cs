using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Watches the batch of slots that have been given a new revision and judges it: go on, pause or go back.</summary>
internal static class Rollouts
{
    public static void Advance(Draft draft)
    {
        if (draft.Record.Rollout is not { } rollout) return;
        rollout = Watch(draft, rollout, out var failure);
        failure ??= rollout.Undecided;
        if (failure is not null) rollout = Judge(draft, rollout, failure) ?? rollout with { Undecided = null };
        if (rollout != draft.Record.Rollout) draft.Change(draft.Record with { Rollout = rollout });
    }

    /// <summary>
    /// When the successor that serves in a slot counts as good; none while that cannot be told. Until then its predecessor goes on
    /// serving, so that a bad revision takes nothing away.
    /// </summary>
    public static DateTimeOffset? ProvenAt(Draft draft, SlotWork slot, Item successor)
    {
        if (Member(draft, slot) is { } member) return member.Until;
        // A move brings nothing new that could be bad.
        if (!slot.IsUpdating) return draft.Now;

        // A retry belongs to no batch, and is watched from its start.
        return Proof.ServedLongEnoughAt(draft, successor);
    }

    /// <summary>True for a slot that the rollout has admitted and that has neither proven good nor failed yet.</summary>
    public static bool IsInBatch(Draft draft, SlotWork slot) => Member(draft, slot) is not null;

    /// <summary>True for a slot that failed in the rollout, was tolerated and has not proven good since.</summary>
    public static bool IsRetry(Draft draft, SlotWork slot) =>
        draft.Record.Rollout is { Retrying.Count: > 0 } rollout && rollout.Retrying.Contains(slot.Number)
        && slot.Record?.Revision == rollout.To;

    /// <summary>Such a slot has an instance again that may still come to serve.</summary>
    public static bool IsBeingRetried(Draft draft, SlotWork slot) =>
        IsRetry(draft, slot) && slot.Latest is { } retry && Gaps.IsAwaited(draft, retry);

    /// <summary>
    /// A slot has been taken over: whoever judged the update late in this same turn would go back and leave the slot with neither.
    /// </summary>
    public static void GetOn(Draft draft, int revision)
    {
        if (draft.Record.Rollout is { } rollout && rollout.To == revision)
            draft.Change(draft.Record with { Rollout = rollout with { ProgressAt = draft.Now } });
    }

    private static MonitoredSlot? Member(Draft draft, SlotWork slot)
    {
        if (draft.Record.Rollout is not { } rollout) return null;
        foreach (var member in rollout.Batch.AsSpan())
        {
            if (member.Slot == slot.Number) return member;
        }

        return null;
    }

    /// <summary>Members of the batch that have proven good leave it, and so do those that failed.</summary>
    /// <param name="failure">How the first of them failed; none when none did.</param>
    private static RolloutRecord Watch(Draft draft, RolloutRecord rollout, out string? failure)
    {
        List<MonitoredSlot> batch = [];
        List<string> failures = [];
        List<int> retrying = [.. rollout.Retrying.Where(number => IsStillTried(draft, rollout, number))];
        foreach (var member in rollout.Batch)
        {
            // A slot that is no longer wanted, or has gone on to another revision, is not waited for.
            var slot = draft.Slots.Find(member.Slot);
            if (slot?.Record?.Revision != rollout.To) continue;
            if (slot.FailedNow is { } what)
            {
                failures.Add($"slot {slot.Number} failed: {what}");
                if (!retrying.Contains(slot.Number)) retrying.Add(slot.Number);
            }
            else if (Watch(draft, slot, member) is { } watched) batch.Add(watched);
        }

        failures.AddRange(draft.Slots.Where(slot => IsGivenUp(rollout, slot))
            .Select(slot => $"slot {slot.Number} is given up: {slot.Record!.Ended}"));
        failure = failures.FirstOrDefault();
        var watchedBatch = batch.ToValueList();
        if (failures.Count == 0 && watchedBatch.Equals(rollout.Batch) && retrying.Count == rollout.Retrying.Count) return rollout;
        // What becomes of an earlier batch during the pause after it does not begin the pause anew.
        var isDone = batch.Count == 0 && rollout.Batch.Count > 0;
        var pause = isDone && !rollout.Undoing ? draft.Spec.Update.Delay : TimeSpan.Zero;
        return rollout with
        {
            Batch = watchedBatch,
            Failed = rollout.Failed + failures.Count,
            Retrying = retrying.ToValueList(),
            NextBatchAt = isDone ? draft.Now + pause : rollout.NextBatchAt,
            ProgressAt = watchedBatch.Count < rollout.Batch.Count ? draft.Now + pause : rollout.ProgressAt,
        };
    }

    private static bool IsStillTried(Draft draft, RolloutRecord rollout, int number)
    {
        if (draft.Slots.Find(number) is not { Record: { IsFinished: false } record } slot || record.Revision != rollout.To) return false;
        if (slot is not { Items: [{ IsReady: true } item] } || item.Record.Revision != rollout.To) return true;
        return !draft.HasCome(Proof.ServedLongEnoughAt(draft, item));
    }

    /// <summary>It had proven good in this rollout, and is now given up for its failures.</summary>
    private static bool IsGivenUp(RolloutRecord rollout, SlotWork slot) =>
        slot is { FailedNow: not null, Record: { Ended: not null, IsFinished: false } record } && record.Revision == rollout.To
        && !rollout.Retrying.Contains(slot.Number) && !rollout.Batch.Any(member => member.Slot == slot.Number);

    /// <summary>A member as it stands now; none when it is good: it has served for the monitor window and is alone in its slot.</summary>
    private static MonitoredSlot? Watch(Draft draft, SlotWork slot, MonitoredSlot member)
    {
        if (slot.Record!.IsFinished) return slot.Items is [] ? null : new MonitoredSlot(slot.Number);
        var successor = slot.Latest is { } latest && latest.Record.Revision == slot.Record!.Revision ? latest : null;
        if (successor is { Standing: Standing.Unheard }) return member;
        if (successor is not { IsReady: true }) return new MonitoredSlot(slot.Number);
        var attempt = successor.Record.Attempt;
        var watched = member.Attempt == attempt ? member : new MonitoredSlot(slot.Number, attempt, draft.Now + draft.Spec.Update.Monitor);
        return draft.HasCome(watched.Until!.Value) && slot.Items.Length == 1 ? null : watched;
    }

    /// <summary>What a failure means; none when it is tolerated.</summary>
    public static RolloutRecord? Judge(Draft draft, RolloutRecord rollout, string failure)
    {
        var policy = draft.Spec.Update;
        if (rollout.Undoing || policy.OnFailure == FailureAction.Continue) return null;
        if ((double)rollout.Failed / Math.Max(1, draft.Slots.Wanted) <= policy.MaxFailureRatio) return null;
        var mayReturn = policy.OnFailure == FailureAction.Rollback && !rollout.Back && rollout.From != rollout.To;
        var good = draft.Record.FindRevision(rollout.From) is { Proven: true } proven ? proven : null;
        if (mayReturn && good is null)
        {
            if (Proof.Awaits(draft, rollout.From)) return rollout with { Undecided = failure };
            draft.Tell(HistoryKind.Rollout, $"revision {rollout.To} goes on although {failure}: no earlier one has proven good, so there is "
                + "nothing to return to", revision: rollout.To);
            return null;
        }

        if (!mayReturn || good is null)
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
}
