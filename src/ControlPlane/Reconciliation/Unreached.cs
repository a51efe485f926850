using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// A worker that is heard and answers no orders keeps no slot for ever: what has not been seen to begin there goes elsewhere, if another
/// worker can take it. What may run twice for a moment, after a while; should the order arrive after all, what it begins is a stray and is
/// ended. What may run once only, when it is certain: the worker has told that it has not begun it, and takes no order so old any more.
/// </summary>
internal static class Unreached
{
    /// <summary>Since it was decided: some five orders, each with its deadline.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(15);

    /// <summary>So long the worker is not chosen for the service.</summary>
    public static readonly TimeSpan Avoided = TimeSpan.FromMinutes(1);

    /// <summary>Why the worker is avoided then.</summary>
    public const string Reason = "does not answer orders";

    public static void GiveUp(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items)
            {
                if (Failed(draft, item) is not { } order || !IsDue(draft, item) || !CanBeElsewhere(draft, slot, item)) continue;
                draft.Remove(slot, item);
                var worker = item.Record.Worker;
                var others = draft.Record.Exclusions.Where(e => e.Worker != worker);
                var avoided = new Exclusion(worker, draft.Now + Avoided, Reason);
                draft.Change(draft.Record with { Exclusions = [.. others, avoided] });
                var why = $"which {Reason} ({order.Answer.Reason}): it goes elsewhere";
                draft.Tell(
                    HistoryKind.Move, $"{item.Record.Name} was not begun on {worker}, {why}", slot.Number, item.Record.Revision);
            }
        }
    }

    /// <summary>What becomes of one whose orders get no answer; a part of a sentence.</summary>
    public static string Words(Draft draft, Item item) =>
        !MustBeCertain(draft, item) ? $"; another worker that can take it gets it after {Durations.Format(After)}"
        : item.Record.Heard is { } heard && draft.Observed.HasExpired(item.Record.Name, item.Record.Worker, heard)
            ? "; it has not begun there, and goes to another worker that can take it"
        : "; whether it has begun there is not known, so it begins nowhere else";

    /// <summary>The order that got no answer, of one that is not known to have arrived.</summary>
    public static OrderRefused? Failed(Draft draft, Item item) =>
        item is { Leaves: false, Standing: Standing.Placed, Seen: null, WorkerIndex: >= 0 }
        && draft.Fleet.Workers[item.WorkerIndex].Health == WorkerHealth.Ready ? draft.UnansweredOf(item.Record) : null;

    private static bool IsDue(Draft draft, Item item)
    {
        if (MustBeCertain(draft, item))
            return item.Record.Heard is { } heard && draft.Observed.HasExpired(item.Record.Name, item.Record.Worker, heard);
        return draft.HasCome(item.Record.DecidedAt + After);
    }

    /// <summary>What is only made ready does not begin without another order.</summary>
    private static bool MustBeCertain(Draft draft, Item item) =>
        item.Runs && draft.ContainerOf(item.Record.Revision)?.OnLeaseLost is null or LeaseLoss.Stop;

    /// <summary>A slot that is bound to a worker by a volume or by its service has nowhere to go.</summary>
    private static bool CanBeElsewhere(Draft draft, SlotWork slot, Item item)
    {
        // Of a slot that is not wanted any more nothing is begun again.
        if (slot.Record is not { } record) return true;
        if (record.Worker is not null || Pins.Of(draft, slot) is not null) return false;
        return draft.PlacerOf(record.Revision).Survey().Ranked.Exists(other => other.Worker != item.WorkerIndex);
    }
}
