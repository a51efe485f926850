using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Notes on which worker each slot has its volumes.</summary>
internal static class Pins
{
    public static void Note(Draft draft)
    {
        var binds = VolumeOf(draft.Spec.Container) is not null;
        if (!binds && draft.Record.Pins.Count == 0) return;
        var pins = binds ? draft.Record.Pins.ToDictionary(pin => pin.Slot) : [];
        foreach (var slot in draft.Slots)
        {
            if (!binds || slot.Latest is not { Seen.Report: { Phase: Phase.Running } } item) continue;
            if (draft.ContainerOf(item.Record.Revision) is not { } container || VolumeOf(container) is null) continue;
            var known = pins.GetValueOrDefault(slot.Number);
            if (known?.Worker != item.Record.Worker) pins[slot.Number] = new VolumePin(slot.Number, item.Record.Worker);
        }

        var noted = pins.Values.OrderBy(pin => pin.Slot).ToValueList();
        if (!noted.Equals(draft.Record.Pins)) draft.Change(draft.Record with { Pins = noted });
    }

    /// <summary>The volume that keeps a slot's next instance of a revision on a worker; none when it may be anywhere.</summary>
    public static (string Volume, string Worker)? Of(Draft draft, SlotWork slot)
    {
        if (draft.Record.Pins.Count == 0 || draft.ContainerOf(slot.Record!.Revision) is not { } container) return null;
        foreach (var pin in draft.Record.Pins.AsSpan())
        {
            if (pin.Slot == slot.Number && !pin.Released && VolumeOf(container) is { } volume) return (volume, pin.Worker);
        }

        return null;
    }

    private static string? VolumeOf(ContainerSpec container)
    {
        foreach (var volume in container.Volumes.AsSpan())
        {
            if (volume.Binds()) return volume.Source;
        }

        return null;
    }
}
