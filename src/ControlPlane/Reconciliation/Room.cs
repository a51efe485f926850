using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What the service itself takes on each worker, beyond the worker's last report; counted only when something is to be placed.</summary>
internal sealed class Room(Draft draft)
{
    /// <summary>A report shows what was so a beat before it arrived; counting an instance twice for a beat does no harm.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, Placer> placers = [];
    private bool counted;

    public Placer PlacerOf(int revision)
    {
        if (!counted) Count();
        counted = true;
        if (!placers.TryGetValue(revision, out var placer))
        {
            var container = draft.ContainerOf(revision) ?? draft.Spec.Container;
            placer = new Placer(draft.Fleet, PlacementRequest.Of(draft.Record.Name, container, draft.Spec.Placement, draft.ExclusionsInForce()));
            placers.Add(revision, placer);
        }

        return placer;
    }

    private void Count()
    {
        foreach (var slot in draft.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next) CountDecided(item);
            if (slot.Record?.Failures is { OnWorker: >= 2 } failures && draft.Now - failures.Last < Endings.AvoidFailingWorker)
            {
                var worker = draft.Fleet.IndexOf(failures.Worker);
                if (worker >= 0) draft.Fleet[worker].Failing++;
            }
        }

        foreach (var seen in draft.Observed.Entries) GiveBack(seen);
        foreach (var (name, stray) in Strays.Find(draft)) CountStray(name, stray);
    }

    private void CountDecided(Item item)
    {
        var worker = draft.Fleet.IndexOf(item.Record.Worker);
        var container = draft.ContainerOf(item.Record.Revision);
        if (worker < 0 || container is null) return;
        draft.Fleet.Holds(worker, leaving: !item.Runs, container.Ports);
        if (item.Runs && (item.Seen is null || item.Record.DecidedAt + Beat > ReportedAt(worker))) draft.Fleet.Expect(worker, container.Resources.Reserve);
    }

    /// <summary>Only what the figures surely still show is given back: it ran before the worker's last report and ended after it.</summary>
    private void GiveBack(Observed seen)
    {
        var worker = draft.Fleet.IndexOf(seen.Worker);
        if (seen.IsLive || worker < 0) return;
        if (!(seen.Report.StartedAt < ReportedAt(worker) && seen.Report.EndedAt > ReportedAt(worker))) return;
        var container = InstanceName.TryParse(seen.Report.Instance, out var name) ? draft.ContainerOf(name.Revision) : null;
        if (container is not null) draft.Fleet.Release(worker, container.Resources.Reserve, container.Ports);
    }

    /// <summary>What runs although no decision speaks of it takes its room and ports all the same, also before the worker's figures show it.</summary>
    private void CountStray(InstanceName name, Observed stray)
    {
        var worker = draft.Fleet.IndexOf(stray.Worker);
        var container = draft.ContainerOf(name.Revision);
        if (!stray.IsLive || worker < 0 || container is null) return;
        draft.Fleet.Bind(worker, container.Ports);
        if (!(stray.Report.StartedAt + Beat <= ReportedAt(worker))) draft.Fleet.Expect(worker, container.Resources.Reserve);
    }

    private DateTimeOffset ReportedAt(int worker) => draft.Fleet.Workers[worker].ReportedAt;
}
