using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Simulation.Tests;

/// <summary>Looks at the engines themselves, whenever a container has started: how many of one slot are live at once.</summary>
internal sealed class SlotWatch(SimulatedCluster cluster)
{
    private readonly HashSet<string> everCreated = new(StringComparer.Ordinal);

    /// <summary>Names that were ended and begun again by an order that was late or came twice.</summary>
    private readonly HashSet<string> begunAgain = new(StringComparer.Ordinal);

    public void Created(string instance)
    {
        if (!everCreated.Add(instance)) begunAgain.Add(instance);
    }

    public void Started()
    {
        if (cluster.Store.Saved<ServiceRecord>(SimulatedCluster.ServiceKey) is not { } record) return;
        var atMostOne = record.Spec.Container.OnLeaseLost == LeaseLoss.Stop;
        var most = Succession.Of(record.Spec).Order == UpdateOrder.StartFirst ? 2 : 1;
        var counted = cluster.Workers.Where(worker => atMostOne || !worker.WasLost)
            .SelectMany(worker => worker.Live.Where(name => !begunAgain.Contains(name) && (atMostOne || !IsGivenUp(worker, name)))
                .Select(name => (Name: name, Worker: worker.Name))).ToList();
        foreach (var (instance, worker) in counted)
        {
            if (InstanceName.TryParse(instance, out var it) && it.Run > 0
                && record.Slots.Any(slot => slot.IsFinished && (slot.Run, slot.Number, slot.Revision) == (it.Run, it.Slot, it.Revision)))
                cluster.Break("a slot that has completed does not run again", $"{instance} on {worker}");
        }

        foreach (var slot in counted.GroupBy(c => InstanceName.TryParse(c.Name, out var name) ? name.Slot : 0))
        {
            if (slot.Count() > most)
                cluster.Break(atMostOne ? "at most one"
                    : "at most the surge", $"live in one slot: {string.Join(", ", slot.Select(c => $"{c.Name} on {c.Worker}"))}");
        }

        bool IsGivenUp(SimulatedWorker worker, string name) => worker.WasDeaf && record.Instances.All(it => it.Name != name);
    }
}
