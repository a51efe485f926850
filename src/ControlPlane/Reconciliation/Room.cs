using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What the service itself takes on each worker, beyond the worker's last report; counted only when something is to be placed.</summary>
internal sealed class Room(Turn turn)
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
            var container = turn.ContainerOf(revision) ?? ContainerSpec.Of(turn.Spec);
            placer = new Placer(turn.Fleet, PlacementRequest.Of(turn.Record.Name, container, turn.Spec.Placement, turn.ExclusionsInForce()));
            placers.Add(revision, placer);
        }

        return placer;
    }

    private void Count()
    {
        foreach (var slot in turn.Slots)
        {
            for (var item = slot.First; item is not null; item = item.Next) CountDecided(item);
            if (slot.Record?.Failures is { OnWorker: >= 2 } failures && turn.Now - failures.Last < Endings.AvoidFailingWorker)
            {
                var worker = turn.Fleet.IndexOf(failures.Worker);
                if (worker >= 0) turn.Fleet[worker].Failing++;
            }
        }

        foreach (var seen in turn.Observed.Entries) GiveBack(seen);
        foreach (var (name, stray) in Strays.Find(turn)) CountStray(name, stray);
    }

    private void CountDecided(Item item)
    {
        var worker = turn.Fleet.IndexOf(item.Record.Worker);
        var container = turn.ContainerOf(item.Record.Revision);
        if (worker < 0 || container is null) return;
        turn.Fleet.Holds(worker, leaving: !item.Runs, container.Ports);
        if (item.Runs && (item.Seen is null || item.Record.DecidedAt + Beat > ReportedAt(worker))) turn.Fleet.Expect(worker, container.Resources.Reserve);
    }

    /// <summary>Only what the figures surely still show is given back: it ran before the worker's last report and ended after it.</summary>
    private void GiveBack(Observed seen)
    {
        var worker = turn.Fleet.IndexOf(seen.Worker);
        if (seen.IsLive || worker < 0) return;
        if (!(seen.Report.StartedAt < ReportedAt(worker) && seen.Report.EndedAt > ReportedAt(worker))) return;
        var container = InstanceName.TryParse(seen.Report.Instance, out var name) ? turn.ContainerOf(name.Revision) : null;
        if (container is not null) turn.Fleet.Release(worker, container.Resources.Reserve, container.Ports);
    }

    /// <summary>What runs although no decision speaks of it takes its room and ports all the same, also before the worker's figures show it.</summary>
    private void CountStray(InstanceName name, Observed stray)
    {
        var worker = turn.Fleet.IndexOf(stray.Worker);
        var container = turn.ContainerOf(name.Revision);
        if (!stray.IsLive || worker < 0 || container is null) return;
        turn.Fleet.Bind(worker, container.Ports);
        if (!(stray.Report.StartedAt + Beat <= ReportedAt(worker))) turn.Fleet.Expect(worker, container.Resources.Reserve);
    }

    private DateTimeOffset ReportedAt(int worker) => turn.Fleet.Workers[worker].ReportedAt;
}
