using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>As many slots as are wanted: new ones take the lowest free numbers, surplus ones go, those that serve nobody first, then the highest.</summary>
internal static class SlotCount
{
    public static void Adjust(Draft draft)
    {
        // A withdrawal has taken all slots already.
        if (draft.Record.Withdrawn) return;
        if (draft.Spec.Mode == ServiceMode.Global)
        {
            OnePerWorker(draft);
            return;
        }

        var surplus = draft.WantedSlots - draft.Spec.Instances;
        if (surplus > 0) Drop(draft, Surplus(draft, surplus), $"{draft.Spec.Instances} {(draft.Spec.Instances == 1 ? "instance is" : "instances are")} wanted");
        else if (surplus < 0) Grow(draft, -surplus);
    }

    private static List<SlotWork> Surplus(Draft draft, int count) =>
        [.. draft.Slots.Where(s => s.Record is not null).OrderBy(s => s.HasReady || s.HasUnheard).ThenByDescending(s => s.Number).Take(count)];

    private static void Drop(Draft draft, List<SlotWork> slots, string why)
    {
        foreach (var slot in slots)
        {
            draft.LeaveRevision(slot.Record!);
            draft.SetSlot(slot, null);
            for (var item = slot.First; item is not null; item = item.Next) draft.Stop(item, why);
        }
    }

    private static void Grow(Draft draft, int count)
    {
        var revision = RevisionOfNewSlots(draft);
        for (var number = 1; count > 0; number++)
        {
            var slot = draft.AddSlot(number);
            if (slot.Record is not null) continue;
            draft.SetSlot(slot, draft.EnterRevision(number, revision, worker: null));
            count--;
        }
    }

    /// <summary>While an update is not proven new slots take the revision that is; the rollout comes to them in its turn.</summary>
    private static int RevisionOfNewSlots(Draft draft) =>
        draft.Record.Rollout is { Undoing: false, Back: false } rollout && draft.Slots.Any(s => s.Record is not null) && draft.ContainerOf(rollout.From) is not null ? rollout.From : draft.Record.Revision;

    private static void OnePerWorker(Draft draft)
    {
        var placer = draft.PlacerOf(draft.Record.Revision);
        Dictionary<string, SlotWork> byWorker = new(StringComparer.Ordinal);
        foreach (var slot in draft.Slots)
        {
            if (slot.Record?.Worker is { } worker) byWorker[worker] = slot;
        }

        foreach (var (worker, slot) in byWorker)
        {
            var at = draft.Fleet.IndexOf(worker);
            var why = at < 0 && slot.First is null ? $"{worker} is no longer known"
                : at >= 0 && draft.Fleet.Workers[at].Draining ? $"{worker} is draining"
                : at >= 0 && draft.Fleet.Workers[at].Health == WorkerHealth.Ready && !placer.Suits(at) ? $"{worker} no longer fulfils the constraints"
                : null;
            if (why is null) continue;
            draft.Tell(HistoryKind.Move, $"slot {slot.Number} ends: {why}", slot.Number);
            Drop(draft, [slot], why);
        }

        var revision = RevisionOfNewSlots(draft);
        var number = 1;
        for (var at = 0; at < draft.Fleet.Workers.Length; at++)
        {
            var worker = draft.Fleet.Workers[at];
            if (worker.Health != WorkerHealth.Ready || worker.Draining || byWorker.ContainsKey(worker.Name) || !placer.Suits(at)) continue;
            // A number is free when nothing of an earlier life of the slot is left in it.
            while (draft.FindSlot(number) is { } taken && (taken.Record is not null || taken.First is not null)) number++;
            var slot = draft.AddSlot(number);
            draft.SetSlot(slot, draft.EnterRevision(number, revision, worker.Name));
        }
    }
}
