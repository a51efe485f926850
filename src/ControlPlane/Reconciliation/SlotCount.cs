using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// As many slots as are wanted: new ones take the lowest free numbers, surplus ones go, those that serve nobody first, then the highest.
/// </summary>
internal static class SlotCount
{
    public static void Adjust(Draft draft)
    {
        // A withdrawal has taken all slots already.
        if (draft.Record.Withdrawn) return;
        if (draft.Spec.Mode == ServiceMode.Job)
        {
            JobRuns.TakeSlots(draft);
            return;
        }

        if (draft.Spec.Mode == ServiceMode.Global)
        {
            OnePerWorker(draft);
            return;
        }

        var surplus = draft.Slots.Wanted - draft.Spec.Instances;
        if (surplus > 0) Shrink(draft, surplus);
        else if (surplus < 0) Grow(draft, -surplus);
    }

    private static void Shrink(Draft draft, int count)
    {
        var why = $"{draft.Spec.Instances} {(draft.Spec.Instances == 1 ? "instance is" : "instances are")} wanted";
        var surplus = draft.Slots.Where(slot => slot.IsWanted)
            .OrderBy(slot => slot.HasReady || slot.HasUnheard).ThenByDescending(slot => slot.Number)
            .Take(count).ToList();
        foreach (var slot in surplus) draft.Drop(slot, why);
    }

    private static void Grow(Draft draft, int count)
    {
        var revision = RevisionOfNewSlots(draft);
        for (var number = 1; count > 0; number++)
        {
            var slot = draft.Slots.FindOrAdd(number);
            if (slot.IsWanted) continue;
            draft.EnterRevision(slot, revision, worker: null);
            count--;
        }
    }

    /// <summary>While an update is not proven new slots take the revision that is; the rollout comes to them in its turn.</summary>
    private static int RevisionOfNewSlots(Draft draft)
    {
        var unproven = draft.Record.Rollout is { Undoing: false, Back: false } rollout ? rollout : null;
        var keepsOld = unproven is not null && draft.Slots.Wanted > 0 && draft.Record.FindRevision(unproven.From) is { Proven: true };
        return keepsOld ? unproven!.From : draft.Record.Revision;
    }

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
            var why = WhyNotOn(draft, placer, worker, slot);
            if (why is null) continue;
            draft.Tell(HistoryKind.Move, $"slot {slot.Number} ends: {why}", slot.Number);
            draft.Drop(slot, why);
        }

        var revision = RevisionOfNewSlots(draft);
        var number = 1;
        for (var at = 0; at < draft.Fleet.Workers.Length; at++)
        {
            var worker = draft.Fleet.Workers[at];
            var isEligible = worker is { Health: WorkerHealth.Ready, Draining: false } && placer.Suits(at);
            if (!isEligible || byWorker.ContainsKey(worker.Name)) continue;
            // A number is free when nothing of an earlier life of the slot is left in it.
            while (draft.Slots.Find(number) is { } taken && (taken.IsWanted || taken.Items is not [])) number++;
            draft.EnterRevision(draft.Slots.FindOrAdd(number), revision, worker.Name);
        }
    }

    /// <summary>Why a global service has no slot on the worker any more; none while it has.</summary>
    private static string? WhyNotOn(Draft draft, Placer placer, string name, SlotWork slot)
    {
        var at = draft.Fleet.IndexOf(name);
        if (at < 0) return slot.Items is [] ? $"{name} is no longer known" : null;
        var worker = draft.Fleet.Workers[at];
        if (worker.Draining) return $"{name} is draining";
        return worker.Health == WorkerHealth.Ready && !placer.Suits(at) ? $"{name} no longer fulfils the constraints" : null;
    }
}
