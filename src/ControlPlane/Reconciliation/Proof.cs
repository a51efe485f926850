using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Notes which revisions have proven good: an instance has served for the time of the watch, or has done its work.</summary>
internal static class Proof
{
    public static void Note(Draft draft)
    {
        foreach (var revision in draft.Record.Revisions.Where(static revision => !revision.Proven).ToList())
        {
            if (ProvenAt(draft, revision.Number) is not { } at || !draft.HasCome(at)) continue;
            draft.Change(draft.Record with
            {
                Revisions = draft.Record.Revisions.Select(it => it == revision ? it with { Proven = true } : it).ToValueList(),
            });
        }
    }

    /// <summary>The revision to which a failure may return: the one in force or the newest before it that has proven good.</summary>
    public static RevisionRecord? LastGood(ServiceRecord record)
    {
        if (record.FindRevision(record.Revision) is { Proven: true } inForce) return inForce;
        if (record.Rollout is { Undoing: false } rollout && record.FindRevision(rollout.From) is { Proven: true } before) return before;
        return record.Revisions.LastOrDefault(revision => revision.Proven && revision.Number >= record.FirstRevision);
    }

    /// <summary>Whether the revision serves, and has only not been found good yet.</summary>
    public static bool Awaits(Draft draft, int revision) =>
        draft.Record.FindRevision(revision) is { Proven: false } && ProvenAt(draft, revision) is not null;

    /// <summary>
    /// When an instance that serves has served long enough, by its start or, should its worker's clock be wrong, its decision.
    /// </summary>
    public static DateTimeOffset ServedLongEnoughAt(Draft draft, Item item)
    {
        var decided = item.Record.DecidedAt;
        var since = item.Seen?.Report.StartedAt is { } started && started > decided && started <= draft.Now ? started : decided;
        return since + draft.Spec.Update.Monitor;
    }

    private static DateTimeOffset? ProvenAt(Draft draft, int revision)
    {
        DateTimeOffset? first = null;
        foreach (var slot in draft.Slots)
        {
            if (slot.Record is { IsFinished: true } finished && finished.Revision == revision) return draft.Now;
            foreach (var item in slot.Items)
            {
                if (!item.Runs || !item.IsReady || item.Record.Revision != revision || draft.IsForeign(revision, item.Seen)) continue;
                var at = ServedLongEnoughAt(draft, item);
                if (first is null || at < first) first = at;
            }
        }

        return first;
    }
}
