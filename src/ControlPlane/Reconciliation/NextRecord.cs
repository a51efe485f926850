using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Puts together the record that follows from the decisions of a pass.</summary>
internal static class NextRecord
{
    private const int MostEvents = 20;

    public static ServiceRecord Of(Draft draft, UsedAttempts attempts, List<HistoryEvent> events)
    {
        List<SlotRecord> wanted = new(draft.Slots.Count);
        List<InstanceRecord> instances = new(draft.Slots.Count + 8);
        foreach (var slot in draft.Slots)
        {
            if (slot.IsWanted) wanted.Add(slot.Record);
            foreach (var item in slot.Items) instances.Add(item.Record);
        }

        return (draft.Record with
        {
            Slots = new ValueList<SlotRecord>([.. wanted]),
            Instances = new ValueList<InstanceRecord>([.. instances]),
            Revisions = Revisions(draft.Record, wanted, instances).Select(attempts.NoteIn).ToValueList(),
            Exclusions = draft.ExclusionsInForce,
        }).WithHistory([.. Few(events, draft.Now)]);
    }

    /// <summary>The last ones, and older ones of which something speaks.</summary>
    private static IEnumerable<RevisionRecord> Revisions(ServiceRecord record, List<SlotRecord> slots, List<InstanceRecord> instances)
    {
        HashSet<int> used = [record.Revision, .. slots.Select(slot => slot.Revision), .. instances.Select(instance => instance.Revision)];
        if (record.Rollout is { } rollout) used.Add(rollout.From);
        var oldestKept = record.Revisions.Count - ServiceRecord.KeptRevisions;
        return record.Revisions.Where((revision, at) => at >= oldestKept || used.Contains(revision.Number));
    }

    private static List<HistoryEvent> Few(List<HistoryEvent> events, DateTimeOffset now)
    {
        var more = events.Count - MostEvents;
        return more <= 0
            ? events
            : [.. events.Take(MostEvents), new HistoryEvent(now, HistoryKind.Restart, $"and {more} more of the kind at the same time")];
    }
}
