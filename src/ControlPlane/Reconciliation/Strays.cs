using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Reported instances of which no decision speaks: adopted when still wanted and alone in their slot, else stopped; what has ended is forgotten.</summary>
internal static class Strays
{
    public static void Sort(Draft draft)
    {
        var strays = Find(draft);
        if (strays.Count == 0) return;
        strays.Sort(static (a, b) => a.Name.Slot != b.Name.Slot ? a.Name.Slot.CompareTo(b.Name.Slot)
            : a.Seen.IsReady != b.Seen.IsReady ? (a.Seen.IsReady ? -1 : 1)
            : a.Name.Attempt != b.Name.Attempt ? b.Name.Attempt.CompareTo(a.Name.Attempt)
            : string.CompareOrdinal(a.Seen.Report.Instance, b.Seen.Report.Instance));
        foreach (var (name, seen) in strays)
        {
            var worker = draft.Fleet.Find(seen.Worker);
            if (worker is null or { Health: WorkerHealth.Lost }) continue;
            if (!seen.IsLive) draft.Send(new Forget(seen.Report.Instance, seen.Worker, $"ended ({Endings.WordsOf(seen.Report)}) and replaced or no longer wanted"));
            // A suspect worker as well: it does not become less alive by being adopted, and to end it would end what is wanted.
            else if (SlotThatWants(draft, name, seen) is { } slot) Adopt(draft, slot, name, seen);
            else End(draft, name, seen);
        }
    }

    /// <summary>The reported instances of which no decision speaks.</summary>
    public static List<(InstanceName Name, Observed Seen)> Find(Draft draft)
    {
        List<(InstanceName, Observed)> strays = [];
        if (draft.Observed.Count - draft.Observed.Gone == Matched(draft)) return strays;
        var decided = Decided(draft);
        foreach (var seen in draft.Observed.Entries)
        {
            if (seen.Gone || decided.TryGetValue(seen.Report.Instance, out var worker) && worker == seen.Worker) continue;
            // A name of another shape is none of ours and not touched.
            if (InstanceName.TryParse(seen.Report.Instance, out var name) && name.Service == draft.Record.Name) strays.Add((name, seen));
        }

        return strays;
    }

    private static int Matched(Draft draft)
    {
        var matched = 0;
        foreach (var slot in draft.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next)
            {
                if (item.Seen is { Gone: false }) matched++;
            }
        }

        return matched;
    }

    private static Dictionary<string, string> Decided(Draft draft)
    {
        Dictionary<string, string> decided = new(draft.Slots.Count, StringComparer.Ordinal);
        foreach (var slot in draft.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next) decided[item.Record.Name] = item.Record.Worker;
        }

        return decided;
    }

    private static SlotWork? SlotThatWants(Draft draft, InstanceName name, Observed seen) =>
        !draft.Record.Withdrawn
        && seen.Report.Phase != Phase.Stopping && seen.Report.Health != InstanceHealth.Unhealthy
        && draft.FindSlot(name.Slot) is { First: null, Record: { Ended: null } record } slot
        && record.Revision == name.Revision && (record.Worker is null || record.Worker == seen.Worker)
            ? slot : null;

    private static void Adopt(Draft draft, SlotWork slot, InstanceName name, Observed seen)
    {
        var reason = $"was still there when {seen.Worker} came back";
        draft.Add(slot, InstanceRecord.Of(name, seen.Worker, reason, draft.Now, draft.Record.Epoch));
        if (name.Attempt > slot.Record!.Attempt) draft.SetSlot(slot, slot.Record with { Attempt = name.Attempt });
        draft.Tell(HistoryKind.Move, $"{seen.Report.Instance} {reason} and was adopted", slot.Number, name.Revision);
    }

    private static void End(Draft draft, InstanceName name, Observed seen)
    {
        draft.Linger(name.Slot, seen);
        if (seen.Report.Phase != Phase.Stopping) draft.Send(new Stop(seen.Report.Instance, seen.Worker, WhyNot(draft, name), draft.Spec.StopDelay, draft.Spec.Container.StopGrace));
    }

    private static string WhyNot(Draft draft, InstanceName name) =>
        draft.Record.Withdrawn ? "the service was withdrawn"
        : draft.FindSlot(name.Slot)?.Record is not { } slot ? $"slot {name.Slot} is no longer wanted"
        : slot.Revision != name.Revision ? $"slot {name.Slot} runs revision {slot.Revision} now"
        : $"slot {name.Slot} has been given to another instance";
}
