using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Simulation.Tests;

/// <summary>Knows whose programs have really ended by themselves; nobody else's end may be held against them.</summary>
internal sealed class Blame
{
    private readonly HashSet<int> slots = [];

    public void EndedItself(string instance)
    {
        if (InstanceName.TryParse(instance, out var name)) slots.Add(name.Slot);
    }

    /// <summary>Slots with a memory of failures, or given up, in which no program has ever ended by itself or could not be started.</summary>
    public IEnumerable<string> Wronged(ServiceRecord record) =>
        from slot in record.Slots
        where (slot.Failures is not null || slot.Ended is not null) && !slots.Contains(slot.Number)
        select $"slot {slot.Number}: {slot.Failures?.What} {slot.Ended}";
}
