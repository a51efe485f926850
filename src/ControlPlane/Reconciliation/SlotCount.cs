using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>As many slots as are wanted: new ones take the lowest free numbers, surplus ones go, those that serve nobody first, then the highest.</summary>
internal static class SlotCount
{
    public static void Adjust(Turn turn)
    {
        // A withdrawal has taken all slots already.
        if (turn.Record.Withdrawn) return;
        if (turn.Spec.Mode == ServiceMode.Global)
        {
            OnePerWorker(turn);
            return;
        }

        var surplus = turn.WantedSlots - turn.Spec.Instances;
        if (surplus > 0) Drop(turn, Surplus(turn, surplus), $"{turn.Spec.Instances} {(turn.Spec.Instances == 1 ? "instance is" : "instances are")} wanted");
        else if (surplus < 0) Grow(turn, -surplus);
    }

    private static List<SlotWork> Surplus(Turn turn, int count) =>
        [.. turn.Slots.Where(s => s.Record is not null).OrderBy(s => s.HasReady || s.HasUnheard).ThenByDescending(s => s.Number).Take(count)];

    private static void Drop(Turn turn, List<SlotWork> slots, string why)
    {
        foreach (var slot in slots)
        {
            turn.LeaveRevision(slot.Record!);
            turn.SetSlot(slot, null);
            for (var item = slot.First; item is not null; item = item.Next) turn.Stop(item, why);
        }
    }

    private static void Grow(Turn turn, int count)
    {
        var revision = RevisionOfNewSlots(turn);
        for (var number = 1; count > 0; number++)
        {
            var slot = turn.AddSlot(number);
            if (slot.Record is not null) continue;
            turn.SetSlot(slot, turn.EnterRevision(number, revision, worker: null));
            count--;
        }
    }

    /// <summary>While an update is not proven new slots take the revision that is; the rollout comes to them in its turn.</summary>
    private static int RevisionOfNewSlots(Turn turn) =>
        turn.Record.Rollout is { Undoing: false, Back: false } rollout && turn.Slots.Any(s => s.Record is not null) && turn.ContainerOf(rollout.From) is not null ? rollout.From : turn.Record.Revision;

    private static void OnePerWorker(Turn turn)
    {
        var placer = turn.PlacerOf(turn.Record.Revision);
        Dictionary<string, SlotWork> byWorker = new(StringComparer.Ordinal);
        foreach (var slot in turn.Slots)
        {
            if (slot.Record?.Worker is { } worker) byWorker[worker] = slot;
        }

        foreach (var (worker, slot) in byWorker)
        {
            var at = turn.Fleet.IndexOf(worker);
            var why = at < 0 && slot.First is null ? $"{worker} is no longer known"
                : at >= 0 && turn.Fleet.Workers[at].Draining ? $"{worker} is draining"
                : at >= 0 && turn.Fleet.Workers[at].Health == WorkerHealth.Ready && !placer.Suits(at) ? $"{worker} no longer fulfils the constraints"
                : null;
            if (why is null) continue;
            turn.Tell(HistoryKind.Move, $"slot {slot.Number} ends: {why}", slot.Number);
            Drop(turn, [slot], why);
        }

        var revision = RevisionOfNewSlots(turn);
        var number = 1;
        for (var at = 0; at < turn.Fleet.Workers.Length; at++)
        {
            var worker = turn.Fleet.Workers[at];
            if (worker.Health != WorkerHealth.Ready || worker.Draining || byWorker.ContainsKey(worker.Name) || !placer.Suits(at)) continue;
            // A number is free when nothing of an earlier life of the slot is left in it.
            while (turn.FindSlot(number) is { } taken && (taken.Record is not null || taken.First is not null)) number++;
            var slot = turn.AddSlot(number);
            turn.SetSlot(slot, turn.EnterRevision(number, revision, worker.Name));
        }
    }
}
