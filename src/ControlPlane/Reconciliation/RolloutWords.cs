using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Where a rollout stands, in a line: <c>revision 6: 4/10 updated, 1 starting, monitoring until 12:00:05</c>.</summary>
internal static class RolloutWords
{
    /// <summary>None when no rollout is under way.</summary>
    public static string? Of(RolloutRecord? rollout, Slots slots, DateTimeOffset now)
    {
        if (rollout is null) return null;
        var updated = slots.Count(slot => IsUpdated(slot, rollout));
        return $"{Direction(rollout)}: {updated}/{slots.Wanted} updated{string.Concat(Details(rollout, now))}";
    }

    /// <summary>It serves in the new revision, or has done its work in it, and is watched no more.</summary>
    private static bool IsUpdated(SlotWork slot, RolloutRecord rollout) =>
        slot.Record?.Revision == rollout.To && !rollout.Batch.Any(member => member.Slot == slot.Number)
        && (slot.Record.IsFinished
            || Array.Exists(slot.Items, item => item is { Runs: true, IsReady: true } && item.Record.Revision == rollout.To));

    private static string Direction(RolloutRecord rollout) =>
        rollout.Undoing ? $"undoing revision {rollout.From}, back to {rollout.To}"
        : rollout.Back ? $"back to revision {rollout.To}"
        : $"revision {rollout.To}";

    private static IEnumerable<string> Details(RolloutRecord rollout, DateTimeOffset now)
    {
        if (rollout.Batch.Count(member => member.Until is null) is > 0 and var starting) yield return $", {starting} starting";
        if (rollout.Batch.Max(member => member.Until) is { } until) yield return $", monitoring until {until:HH:mm:ss}";
        if (rollout.Failed > 0) yield return $", {rollout.Failed} failed";
        if (rollout.Batch.Count == 0 && rollout.NextBatchAt is { } next && next > now) yield return $", next batch at {next:HH:mm:ss}";
        if (rollout.Undecided is { } failure)
            yield return $"; {failure}; revision {rollout.From} serves and is watched before it is returned to";
        if (rollout.Paused is { } paused) yield return $"; paused: {paused}";
    }
}
