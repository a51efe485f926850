using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>An update that does not get on has failed when its time is over.</summary>
internal static class Deadlines
{
    public static void Check(Draft draft)
    {
        if (draft.Record.Rollout is not { Paused: null, Undoing: false } rollout) return;
        if (!draft.HasCome(Until(draft, rollout))) return;
        var late = rollout.Batch.Count > 0 ? rollout.Batch.Select(member => member.Slot).ToList()
            : draft.Slots.Where(slot => slot.Record is { } record && record.Revision != rollout.To).Select(slot => slot.Number).ToList();
        if (late.Count == 0) return;
        var why = $"no progress in {Durations.Format(draft.Spec.Update.Deadline)}: slot {late[0]}: {WhyLate(draft, late[0])}";
        var failed = rollout with { Batch = [], Failed = rollout.Failed + late.Count, ProgressAt = draft.Now };
        // What has only no place yet, and may go on waiting for it, has not failed.
        var goesOn = rollout.Batch.Count > 0 ? failed : rollout with { ProgressAt = draft.Now };
        var next = Rollouts.Judge(draft, failed, why) ?? goesOn;
        draft.Change(draft.Record with { Rollout = next });
    }

    /// <summary>Time in which nobody was there to see progress does not count.</summary>
    private static DateTimeOffset Until(Draft draft, RolloutRecord rollout)
    {
        var progress = rollout.ProgressAt ?? rollout.StartedAt;
        return (progress > draft.Since ? progress : draft.Since) + draft.Spec.Update.Deadline + draft.Spec.Update.Monitor;
    }

    private static string WhyLate(Draft draft, int number)
    {
        if (draft.WaitingIn(number) is { } waits) return waits;
        if (draft.Slots.Find(number)?.Newest is not { } item) return "it has no instance";
        var how = item.Standing == Standing.Unready ? "is not ready" : "does not run yet";
        return $"{item.Record.Name} on {item.Record.Worker} {how}{(item.Seen?.Report.Message is { } message ? $": {message}" : "")}";
    }
}
