using System.Diagnostics.CodeAnalysis;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>A slot while one pass works on it: its memory (none once it is not wanted) and its instances.</summary>
internal sealed class SlotWork(int number)
{
    public int Number => number;

    public SlotRecord? Record { get; set; }

    [MemberNotNullWhen(true, nameof(Record))]
    public bool IsWanted => Record is not null;

    /// <summary>
    /// In the order of decision, nearly always one and hardly ever three. Every change makes a new array: a walk over it is not disturbed
    /// by what is added or removed on the way.
    /// </summary>
    public Item[] Items { get; private set; } = [];

    /// <summary>How an instance of its present revision ended by itself in this pass.</summary>
    public string? FailedNow { get; set; }

    /// <summary>Whether an instance has been looked for in this pass.</summary>
    public bool IsTried { get; set; }

    /// <summary>The instance that is to run, or the older of two.</summary>
    public Item? Predecessor => Array.Find(Items, static item => item.Runs);

    /// <summary>The newest instance that is to run.</summary>
    public Item? Latest => Array.FindLast(Items, static item => item.Runs);

    /// <summary>An instance that has not ended yet although it is to.</summary>
    public Item? Leaving => Array.Find(Items, static item => item.Leaves);

    /// <summary>A successor that starts once its predecessor has ended.</summary>
    public Item? Held => Array.FindLast(Items, static item => item.IsHeld);

    /// <summary>The instance that is to stay when all that was decided has happened.</summary>
    public Item? Newest => Held ?? Latest;

    /// <summary>A successor is to take over from a predecessor.</summary>
    public bool IsSwapping => Predecessor is { } predecessor && predecessor != Newest;

    /// <summary>The successor is of another revision: an update, and no move.</summary>
    public bool IsUpdating => IsSwapping && Predecessor!.Record.Revision != Newest!.Record.Revision;

    public bool HasReady => Array.Exists(Items, static item => item is { Runs: true, IsReady: true });

    public bool HasUnheard => Array.Exists(Items, static item => item is { Runs: true, Standing: Standing.Unheard });

    public void Add(Item item) => Items = [.. Items, item];

    public void Remove(Item gone) => Items = Array.FindAll(Items, item => item != gone);
}
