using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Counts in the fleet what the service takes on each worker beyond the worker's last report. Once in every pass, between what takes
/// instances away or adopts them and what places new ones, so that all who ask for room see the same. From then on each placement counts
/// itself; what is stopped later in the pass keeps its place until the next.
/// </summary>
internal static class Room
{
    /// <summary>A report shows what was so a beat before it arrived; counting an instance twice for a beat does no harm.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    public static void Count(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items) CountDecided(draft, slot, item);
            if (slot.Record?.Failures is { } failures) CountFailures(draft, failures);
        }

        foreach (var seen in draft.Observed.Entries)
        {
            if (!seen.IsLive) GiveBack(draft, seen);
        }

        foreach (var (name, stray) in draft.Lingering) CountStray(draft, name, stray);
    }

    private static void CountDecided(Draft draft, SlotWork slot, Item item)
    {
        var worker = item.WorkerIndex;
        if (worker < 0 || draft.ContainerOf(item.Record.Revision) is not { } container) return;
        // What was only made ready takes up nothing.
        if (item is { Leaves: true, Seen.Report.Phase: Phase.Placed or Phase.Prepared }) return;
        var reserve = container.Resources.Reserve;
        if (item.IsHeld && Array.Find(slot.Items, other => other != item && other.WorkerIndex == worker) is { } before)
        {
            draft.Fleet.HoldsInPlace(worker, container.Ports);
            reserve = reserve.Beyond(draft.ContainerOf(before.Record.Revision)?.Resources.Reserve ?? new());
        }
        else
        {
            // The spread is judged as it will be: what has a successor leaves.
            draft.Fleet.Holds(worker, leaving: item != slot.Newest, container.Ports);
        }

        var isShown = item.Seen is not null && item.Record.DecidedAt + Beat <= ReportedAt(draft, worker);
        if (!item.Leaves && !isShown) draft.Fleet.Expect(worker, reserve);
    }

    /// <summary>What an instance takes up; none when nobody lists its worker.</summary>
    public static Place? PlaceOf(Draft draft, Item item) =>
        item.WorkerIndex >= 0 && draft.ContainerOf(item.Record.Revision) is { } container
            ? new Place(item.WorkerIndex, container.Resources.Reserve, container.Ports) : null;

    private static void CountFailures(Draft draft, FailureMemory failures)
    {
        var worker = draft.Fleet.IndexOf(failures.Worker);
        if (worker >= 0 && failures.OnWorker >= 2 && draft.Now - failures.Last < Endings.AvoidFailingWorker) draft.Fleet[worker].Failing++;
    }

    /// <summary>Only what the figures surely still show is given back: it ran before the worker's last report and ended after it.</summary>
    private static void GiveBack(Draft draft, Observed seen)
    {
        var worker = draft.Fleet.IndexOf(seen.Worker);
        if (worker < 0) return;
        var isShown = seen.Report.StartedAt < ReportedAt(draft, worker) && seen.Report.EndedAt > ReportedAt(draft, worker);
        if (!isShown || !InstanceName.TryParse(seen.Report.Instance, out var name)) return;
        if (draft.ContainerOf(name.Revision) is { } container) draft.Fleet.Release(worker, container.Resources.Reserve, container.Ports);
    }

    /// <summary>
    /// What runs although no decision speaks of it takes its room and ports all the same, also before the worker's figures show it.
    /// </summary>
    private static void CountStray(Draft draft, InstanceName name, Observed stray)
    {
        var worker = draft.Fleet.IndexOf(stray.Worker);
        if (draft.ContainerOf(name.Revision) is not { } container) return;
        draft.Fleet.Bind(worker, container.Ports);
        var isShown = stray.Report.StartedAt + Beat <= ReportedAt(draft, worker);
        if (!isShown) draft.Fleet.Expect(worker, container.Resources.Reserve);
    }

    private static DateTimeOffset ReportedAt(Draft draft, int worker) => draft.Fleet.Workers[worker].ReportedAt;
}
