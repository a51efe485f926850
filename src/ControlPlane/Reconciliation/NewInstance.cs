using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Finds a worker for the next instance of a slot, or says why there is none.</summary>
internal static class NewInstance
{
    /// <summary>Decides the instance; false when it waits for room.</summary>
    /// <param name="leaving">A worker that it must not be; none when it may be on any.</param>
    /// <param name="what">Why it succeeds another; none when it is the first.</param>
    public static bool Start(Draft draft, SlotWork slot, string? leaving, string? what)
    {
        var record = slot.Record!;
        var name = new InstanceName(draft.Record.Name, slot.Number, record.Revision, record.Attempt + 1);
        if (Place(draft, record, name.ToString(), leaving, out var why) is not { } worker)
        {
            draft.WaitForRoom(slot.Number, what is null ? $"no worker can take it: {why}" : NoSuccessor(what, why));
            return false;
        }

        var isOnce = draft.ContainerOf(record.Revision)?.OnLeaseLost == LeaseLoss.Stop;
        draft.Add(slot, InstanceRecord.Of(name, worker, what is null ? why : $"{what}; {why}", draft.Now, draft.Record.Epoch) with
        {
            Heard = isOnce ? draft.Fleet.Find(worker)?.Heard : null,
        });
        draft.SetSlot(slot, record with { Attempt = name.Attempt });
        return true;
    }

    /// <summary>
    /// Takes room for the successor of an instance that stops first, which must not stop for nothing; false when it waits for room.
    /// </summary>
    public static bool KeepRoomFor(Draft draft, SlotWork slot, Item predecessor, string what)
    {
        if (Place(draft, slot.Record!, predecessor.Record.Name, predecessor.Record.Worker, out var why) is not null) return true;
        draft.WaitForRoom(slot.Number, NoSuccessor(what, why));
        return false;
    }

    private static string NoSuccessor(string what, string why) => $"{what}, but no worker can take its successor: {why}";

    /// <summary>Counts the instance on a worker; none when no worker can take it.</summary>
    private static string? Place(Draft draft, SlotRecord slot, string name, string? leaving, out string why)
    {
        var placer = draft.PlacerOf(slot.Revision);
        if (slot.Worker is { } only) return PlaceOn(draft.Fleet, placer, only, out why);
        var choice = placer.Place(name, leaving);
        why = choice.Found ? placer.Words(choice) : placer.WhyNowhere(leaving is null ? -1 : draft.Fleet.IndexOf(leaving));
        return choice.Found ? draft.Fleet.Workers[choice.Worker].Name : null;
    }

    /// <summary>In a global service a slot belongs to its worker.</summary>
    private static string? PlaceOn(Fleet fleet, Placer placer, string only, out string why)
    {
        var at = fleet.IndexOf(only);
        var rule = at < 0 ? Rule.Ready : placer.PlaceOn(at);
        why = at < 0 ? $"{only} is not known at present"
            : rule == Rule.None ? "one on each eligible worker"
            : $"{only} {placer.Words(rule, at)}";
        return rule == Rule.None ? only : null;
    }
}
