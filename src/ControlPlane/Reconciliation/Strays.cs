using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Reported instances of which no decision speaks: adopted when still wanted and alone in their slot, else stopped; what has ended is
/// forgotten.
/// </summary>
internal static class Strays
{
    /// <summary>By slot, what serves before what does not, the newest attempt first: the one to adopt comes first.</summary>
    private static readonly Comparison<(InstanceName Name, Observed Seen)> BestFirst = static (a, b) =>
        a.Name.Slot != b.Name.Slot ? a.Name.Slot.CompareTo(b.Name.Slot)
        : a.Seen.IsReady != b.Seen.IsReady ? (a.Seen.IsReady ? -1 : 1)
        : a.Name.Attempt != b.Name.Attempt ? b.Name.Attempt.CompareTo(a.Name.Attempt)
        : string.CompareOrdinal(a.Seen.Report.Instance, b.Seen.Report.Instance);

    public static void Sort(Draft draft)
    {
        var strays = Find(draft);
        strays.Sort(BestFirst);
        foreach (var (name, seen) in strays)
        {
            if (draft.Fleet.Find(seen.Worker) is null or { Health: WorkerHealth.Lost }) continue;
            if (!seen.IsLive) Forget(draft, seen);
            // A suspect worker as well: it does not become less alive by being adopted, and to end it would end what is wanted.
            else if (SlotThatWants(draft, name, seen) is { } slot) Adopt(draft, slot, name, seen);
            else End(draft, name, seen);
        }
    }

    private static List<(InstanceName Name, Observed Seen)> Find(Draft draft)
    {
        var items = draft.Slots.SelectMany(slot => slot.Items);
        // Nearly always all that is reported is decided: then there is nothing to look for.
        if (items.Count(item => item.Seen is { Gone: false }) == draft.Observed.Count - draft.Observed.Gone) return [];
        var decided = items.Select(item => (item.Record.Name, item.Record.Worker)).ToHashSet();
        List<(InstanceName, Observed)> strays = [];
        foreach (var seen in draft.Observed.Entries)
        {
            if (seen.Gone || decided.Contains((seen.Report.Instance, seen.Worker))) continue;
            // A name of another shape is none of ours and not touched.
            if (InstanceName.TryParse(seen.Report.Instance, out var name) && name.Service == draft.Record.Name) strays.Add((name, seen));
        }

        return strays;
    }

    private static void Forget(Draft draft, Observed seen)
    {
        JobRuns.AddLastWords(draft, seen.Report);
        var why = $"ended ({Endings.WordsOf(seen.Report)}) and replaced or no longer wanted";
        draft.Send(new Forget(seen.Report.Instance, seen.Worker, why) { Withdrawn = draft.Record.Withdrawn });
    }

    private static SlotWork? SlotThatWants(Draft draft, InstanceName name, Observed seen)
    {
        var isSound = seen.Report.Phase is not (Phase.Placed or Phase.Prepared or Phase.Stopping)
            && seen.Report.Health != InstanceHealth.Unhealthy;
        if (draft.Record.Withdrawn || !isSound || draft.IsForeign(name.Revision, seen)) return null;
        if (draft.Slots.Find(name.Slot) is not { Record: { Ended: null } record } slot) return null;
        var mayBeThere = record.Worker is null || record.Worker == seen.Worker;
        if (record.Revision != name.Revision || record.Run != name.Run || !mayBeThere || !JobRuns.HasRoomFor(draft, record)) return null;
        return slot.Items is [] || (slot.Items is [var replacement] && IsBetter(draft, seen, replacement)) ? slot : null;
    }

    /// <summary>
    /// What came back and serves is worth more than a replacement that does not serve yet; not where two may never live in a slot.
    /// </summary>
    private static bool IsBetter(Draft draft, Observed seen, Item replacement) =>
        draft.Fleet.Find(seen.Worker) is { Health: WorkerHealth.Ready } && MayServeOn(draft, seen, replacement);

    private static bool MayServeOn(Draft draft, Observed seen, Item replacement) =>
        seen.IsReady && draft.Fleet.Find(seen.Worker) is { Draining: false }
        && replacement is { Runs: true, IsReady: false, Standing: not Standing.Unheard } && replacement.Record.Name != seen.Report.Instance
        && Succession.Of(draft.Spec).Order == UpdateOrder.StartFirst;

    private static void Adopt(Draft draft, SlotWork slot, InstanceName name, Observed seen)
    {
        var reason = $"was still there when {seen.Worker} came back";
        if (slot.Latest is { } replacement) draft.Stop(replacement, $"{seen.Report.Instance} {reason}, and serves already");
        draft.Add(slot, InstanceRecord.Of(name, seen.Worker, reason, draft.Now, draft.Record.Epoch));
        if (name.Attempt > slot.Record!.Attempt) draft.SetSlot(slot, slot.Record with { Attempt = name.Attempt });
        draft.Tell(HistoryKind.Move, $"{seen.Report.Instance} {reason} and was adopted", slot.Number, name.Revision);
    }

    private static void End(Draft draft, InstanceName name, Observed seen)
    {
        draft.Linger(name, seen);
        if (seen.Report.Phase == Phase.Stopping) return;
        var slot = draft.Slots.Find(name.Slot);
        var isSuspect = draft.Fleet.Find(seen.Worker) is { Health: WorkerHealth.Suspect };
        if (isSuspect && WhyNot(draft, name, seen, slot) is null && slot!.Items is [var other] && MayServeOn(draft, seen, other))
        {
            // Which of the two is to stay is known when the worker is heard again, or the other one serves.
            draft.Wait(name.Slot, $"{seen.Report.Instance} may serve on {seen.Worker}, which is suspect, until {other.Record.Name} does");
            return;
        }

        var why = WhyNot(draft, name, seen, slot) ?? $"slot {name.Slot} has been given to {slot!.Items[^1].Record.Name}";
        draft.Send(new Stop(seen.Report.Instance, seen.Worker, why, draft.Spec.StopDelay, draft.Spec.Container.StopGrace));
    }

    /// <summary>What is wrong with the stray itself; none when it is only that another one is in its slot.</summary>
    private static string? WhyNot(Draft draft, InstanceName name, Observed seen, SlotWork? work) =>
        draft.Record.Withdrawn ? "the service was withdrawn"
        : work?.Record is not { } slot ? $"slot {name.Slot} is no longer wanted"
        : slot.Run != name.Run ? $"slot {name.Slot} belongs to run {slot.Run} now"
        : slot.Revision != name.Revision ? $"slot {name.Slot} runs revision {slot.Revision} now"
        : draft.IsForeign(name.Revision, seen) ? $"it was made from something else than revision {slot.Revision}"
        : slot.Worker is { } only && only != seen.Worker ? $"slot {name.Slot} belongs to {only}"
        : slot.Ended is { } ended ? $"slot {name.Slot} is not to run: {ended}"
        : seen.Report.Health == InstanceHealth.Unhealthy ? "it is unhealthy, and nobody waits for it"
        : seen.Report.Phase is Phase.Placed or Phase.Prepared ? "it was only made ready, and nobody waits for it"
        : !JobRuns.HasRoomFor(draft, slot) ? $"run {slot.Run} has as many at a time as it may already"
        : null;
}
