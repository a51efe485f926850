using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Puts together the record that follows from the decisions of a pass.</summary>
internal static class NextRecord
{
    private const int MostEvents = 20;

    public static ServiceRecord Of(ServiceRecord decided, Slots slots, UsedAttempts attempts, List<HistoryEvent> events)
    {
        List<SlotRecord> wanted = new(slots.Count);
        List<InstanceRecord> instances = new(slots.Count + 8);
        foreach (var slot in slots)
        {
            if (slot.IsWanted) wanted.Add(slot.Record);
            foreach (var item in slot.Items) instances.Add(item.Record);
        }

        return (decided with
        {
            Slots = new ValueList<SlotRecord>([.. wanted]),
            Instances = new ValueList<InstanceRecord>([.. instances]),
            Revisions = Revisions(decided, wanted, instances).Select(attempts.NoteIn).ToValueList(),
        }).WithHistory([.. Few(events)]);
    }

    /// <summary>The last ones, and older ones of which something speaks.</summary>
    private static IEnumerable<RevisionRecord> Revisions(ServiceRecord record, List<SlotRecord> slots, List<InstanceRecord> instances)
    {
        HashSet<int> used = [record.Revision, .. slots.Select(slot => slot.Revision), .. instances.Select(instance => instance.Revision)];
        if (record.Rollout is { } rollout) used.Add(rollout.From);
        var oldestKept = record.Revisions.Count - ServiceRecord.KeptRevisions;
        return record.Revisions.Where((revision, at) => at >= oldestKept || used.Contains(revision.Number));
    }

    private static List<HistoryEvent> Few(List<HistoryEvent> events)
    {
        var more = events.Count - MostEvents;
        if (more <= 0) return events;
        var rest = new HistoryEvent(events[^1].At, HistoryKind.Restart, $"and {more} more of the kind at the same time");
        return [.. events.Take(MostEvents), rest];
    }
}
