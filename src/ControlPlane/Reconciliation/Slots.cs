using System.Collections;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>All slots that are wanted or still hold an instance, by number.</summary>
internal sealed class Slots : IReadOnlyList<SlotWork>
{
    private readonly List<SlotWork> slots;

    public Slots(ServiceRecord record, Standings standings)
    {
        slots = new(record.Slots.Count);
        foreach (var slot in record.Slots.AsSpan()) slots.Add(new SlotWork(slot.Number) { Record = slot });
        foreach (var instance in record.Instances.AsSpan()) FindOrAdd(instance.Slot).Add(standings.Of(instance));
    }

    public int Count => slots.Count;

    /// <summary>How many are wanted.</summary>
    public int Wanted => slots.Count(static slot => slot.IsWanted);

    /// <summary>How many of those have an instance that serves.</summary>
    public int Ready => slots.Count(static slot => slot.IsWanted && slot.HasReady);

    /// <param name="index">From 0; not the number of the slot.</param>
    public SlotWork this[int index] => slots[index];

    public SlotWork? Find(int number) => IndexOf(number) is >= 0 and var at ? slots[at] : null;

    public SlotWork FindOrAdd(int number)
    {
        var at = IndexOf(number);
        if (at >= 0) return slots[at];
        var slot = new SlotWork(number);
        slots.Insert(~at, slot);
        return slot;
    }

    /// <summary>Without a copy; slots may not be added meanwhile.</summary>
    public List<SlotWork>.Enumerator GetEnumerator() => slots.GetEnumerator();

    IEnumerator<SlotWork> IEnumerable<SlotWork>.GetEnumerator() => slots.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => slots.GetEnumerator();

    /// <summary>Where the slot is, or the complement of where it would be.</summary>
    private int IndexOf(int number)
    {
        var (low, high) = (0, slots.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (slots[middle].Number == number) return middle;
            if (slots[middle].Number < number) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}
