using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What is known of a decided instance.</summary>
internal enum Standing
{
    /// <summary>Its worker has not been heard since this activation: nothing is concluded.</summary>
    Unheard,

    /// <summary>Not reported yet: the order may be on its way.</summary>
    Placed,
    Starting,

    /// <summary>Running, and its probe has not said healthy.</summary>
    Unready,
    Ready,
    Stopping,
    Ended,

    /// <summary>Its worker is lost.</summary>
    Lost,
}

/// <summary>A decided instance with what is known of it, while one turn works on it.</summary>
internal sealed class Item(InstanceRecord record, Observed? seen, Standing standing)
{
    public InstanceRecord Record { get; set; } = record;

    /// <summary>The last report of its own worker.</summary>
    public Observed? Seen => seen;

    public Standing Standing => standing;

    public Item? Next { get; set; }

    public bool Runs => Record.Intent == Intent.Run;

    public bool IsReady => standing == Standing.Ready;

    public bool IsUnhealthy => standing == Standing.Unready && seen!.Report.Health == InstanceHealth.Unhealthy;
}

/// <summary>A slot while one turn works on it: its memory (none once it is not wanted) and its instances in the order of decision.</summary>
internal sealed class SlotWork(int number)
{
    private Item? last;

    public int Number => number;

    public SlotRecord? Record { get; set; }

    public Item? First { get; private set; }

    /// <summary>How an instance of its present revision ended by itself in this turn.</summary>
    public string? FailedNow { get; set; }

    /// <summary>The instance that is to run, or the older of two.</summary>
    public Item? Predecessor
    {
        get
        {
            var item = First;
            while (item is { Runs: false }) item = item.Next;
            return item;
        }
    }

    /// <summary>The newest instance that is to run.</summary>
    public Item? Latest
    {
        get
        {
            Item? found = null;
            for (var item = First; item is not null; item = item.Next)
            {
                if (item.Runs) found = item;
            }

            return found;
        }
    }

    /// <summary>A successor is to take over from a predecessor.</summary>
    public bool IsSwapping => Predecessor is { } predecessor && predecessor != Latest;

    /// <summary>The successor is of another revision: an update, and no move.</summary>
    public bool IsUpdating => IsSwapping && Predecessor!.Record.Revision != Latest!.Record.Revision;

    /// <summary>An instance that has not ended yet although it is to.</summary>
    public Item? Leaving
    {
        get
        {
            var item = First;
            while (item is { Runs: true }) item = item.Next;
            return item;
        }
    }

    public bool HasReady
    {
        get
        {
            for (var item = First; item is not null; item = item.Next)
            {
                if (item is { Runs: true, IsReady: true }) return true;
            }

            return false;
        }
    }

    public bool HasUnheard
    {
        get
        {
            for (var item = First; item is not null; item = item.Next)
            {
                if (item is { Runs: true, Standing: Standing.Unheard }) return true;
            }

            return false;
        }
    }

    public void Add(Item item)
    {
        if (last is null) First = item;
        else last.Next = item;
        last = item;
    }

    public void Remove(Item gone)
    {
        Item? before = null;
        for (var item = First; item is not null; before = item, item = item.Next)
        {
            if (item != gone) continue;
            if (before is null) First = item.Next;
            else before.Next = item.Next;
            if (last == item) last = before;
            return;
        }
    }
}
