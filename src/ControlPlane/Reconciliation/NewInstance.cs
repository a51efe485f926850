using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Finds a worker for the next instance of a slot, or says why there is none.</summary>
internal static class NewInstance
{
    /// <summary>How the sentence begins by which a volume keeps an instance where it is.</summary>
    private const string Needs = "needs its volume ";

    /// <summary>Decides the first instance of an empty slot, or says that it waits for room.</summary>
    public static void Start(Draft draft, SlotWork slot)
    {
        var (worker, why) = Place(draft, slot, leaving: null);
        if (worker is null)
            draft.WaitForRoom(slot.Number, why.StartsWith(Needs, StringComparison.Ordinal) ? why : $"no worker can take it: {why}");
        else Decide(draft, slot, worker, why, Intent.Run);
    }

    /// <summary>Decides a successor that begins at once, beside its predecessor; false when no worker can take it, and why.</summary>
    /// <param name="elsewhere">It must not be on the predecessor's worker.</param>
    /// <param name="what">Why it succeeds another.</param>
    public static bool Beside(Draft draft, SlotWork slot, Item predecessor, bool elsewhere, string what, out string why)
    {
        // The spread is judged as it will be, without what leaves.
        if (predecessor.WorkerIndex >= 0) draft.Fleet.Leaves(predecessor.WorkerIndex);
        (var worker, why) = Place(draft, slot, elsewhere ? predecessor.Record.Worker : null);
        if (worker is not null) Decide(draft, slot, worker, $"{what}; {why}", Intent.Run);
        else if (predecessor.WorkerIndex >= 0) draft.Fleet.Stays(predecessor.WorkerIndex);
        return worker is not null;
    }

    /// <summary>
    /// Decides a successor that is made ready at once and begins when its predecessor has ended, whose place it may have: nothing ends for
    /// a successor that cannot be. False when no worker can take it, and why.
    /// </summary>
    /// <inheritdoc cref="Beside"/>
    public static bool InPlace(Draft draft, SlotWork slot, Item predecessor, bool elsewhere, string what, out string why)
    {
        if (Room.PlaceOf(draft, predecessor) is not { } place) return Beside(draft, slot, predecessor, elsewhere, what, out why);
        (var worker, why) = PlaceInPlace(draft, slot, predecessor, elsewhere, place);
        if (worker is null) return false;
        draft.Fleet.Leaves(place.Worker);
        Decide(draft, slot, worker, $"{what}; {why}", Intent.Prepare);
        return true;
    }

    /// <summary>Why a slot that has an instance gets no successor.</summary>
    public static string NoSuccessor(string what, string why) => why.StartsWith(Needs, StringComparison.Ordinal)
        ? $"{what}, but its successor {why}" : $"{what}, but no worker can take its successor: {why}";

    private static void Decide(Draft draft, SlotWork slot, string worker, string reason, Intent intent)
    {
        var record = slot.Record!;
        var name = Next(draft, slot);
        draft.Add(slot, InstanceRecord.Of(name, worker, reason, draft.Now, draft.Record.Epoch) with
        {
            Intent = intent, Heard = draft.HeardOf(worker, record.Revision),
        });
        draft.SetSlot(slot, record with { Attempt = name.Attempt });
    }

    /// <summary>Counts the instance on a worker; none when no worker can take it.</summary>
    private static (string? Worker, string Why) Place(Draft draft, SlotWork slot, string? leaving)
    {
        var placer = draft.PlacerOf(slot.Record!.Revision);
        if (slot.Record.Worker is { } only) return PlaceOn(draft.Fleet, placer, only, place: null);
        if (Pins.Of(draft, slot) is { } pin) return PlaceAt(draft.Fleet, placer, pin, place: null);
        var choice = placer.Place(NextName(draft, slot), leaving);
        return choice.Found ? (draft.Fleet.Workers[choice.Worker].Name, placer.Words(choice))
            : (null, placer.WhyNowhere(leaving is null ? -1 : draft.Fleet.IndexOf(leaving)));
    }

    private static (string? Worker, string Why) PlaceInPlace(Draft draft, SlotWork slot, Item predecessor, bool elsewhere, Place place)
    {
        var placer = draft.PlacerOf(slot.Record!.Revision);
        if (slot.Record.Worker is { } only) return PlaceOn(draft.Fleet, placer, only, place);
        if (Pins.Of(draft, slot) is { } pin) return PlaceAt(draft.Fleet, placer, pin, place);
        var (choice, why) = placer.PlaceInPlace(NextName(draft, slot), place, elsewhere ? predecessor.Record.Worker : null);
        return (choice.Found ? draft.Fleet.Workers[choice.Worker].Name : null, why);
    }

    private static string NextName(Draft draft, SlotWork slot) => Next(draft, slot).ToString();

    private static InstanceName Next(Draft draft, SlotWork slot) =>
        new(draft.Record.Name, slot.Number, slot.Record!.Revision, slot.Record.Attempt + 1, slot.Record.Run);

    /// <summary>Where the slot has its volume, and nowhere else.</summary>
    private static (string? Worker, string Why) PlaceAt(Fleet fleet, Placer placer, (string Volume, string Worker) pin, Place? place)
    {
        var at = fleet.IndexOf(pin.Worker);
        var why = "is not known at present";
        if (at >= 0 && placer.PlaceOn(at, place?.Worker == at ? place : null, out why, perWorker: true))
            return (pin.Worker, $"its volume {pin.Volume} is there");
        var words = why.StartsWith("is ", StringComparison.Ordinal) ? why[3..] : why;
        return (null, $"{Needs}{pin.Volume}, which is on {pin.Worker} ({words}); release-volume lets go of it");
    }

    /// <summary>In a global service a slot belongs to its worker.</summary>
    private static (string? Worker, string Why) PlaceOn(Fleet fleet, Placer placer, string only, Place? place)
    {
        var at = fleet.IndexOf(only);
        if (at < 0) return (null, $"{only} is not known at present");
        return placer.PlaceOn(at, place?.Worker == at ? place : null, out var why) ? (only, "one on each eligible worker")
            : (null, $"{only} {why}");
    }
}
