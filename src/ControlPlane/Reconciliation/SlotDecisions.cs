using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What each slot needs: a first instance, a successor, the end of a predecessor, or nothing.</summary>
internal static class SlotDecisions
{
    public static void Decide(Draft draft)
    {
        var startFirst = Succession.Of(draft.Spec).Order == UpdateOrder.StartFirst;
        var budget = new Budget(draft);
        foreach (var slot in draft.Slots)
        {
            if (!slot.IsWanted) continue;
            var latest = slot.Latest;
            if (latest is null) Fill(draft, slot, startFirst);
            else if (slot.Predecessor is { } predecessor && predecessor != latest) Swap(draft, slot, predecessor, latest);
            else if (WhyLeave(draft, slot, latest) is { } why) Succeed(draft, slot, latest, why, startFirst, budget);
        }
    }

    /// <summary>Starts an instance in a slot that has none.</summary>
    private static void Fill(Draft draft, SlotWork slot, bool startFirst)
    {
        if (slot.Leaving is { } leaving) WaitForEnd(draft, slot, leaving.Record.Name, leaving.Record.Worker);
        else if (!startFirst && draft.LingeringIn(slot.Number) is { } stray) WaitForEnd(draft, slot, stray.Report.Instance, stray.Worker);
        else if (HeldBack(slot.Record!, draft.Now) is { } held) draft.Wait(slot.Number, held.Why, held.Until);
        else NewInstance.Start(draft, slot, leaving: null, what: null);
    }

    private static void WaitForEnd(Draft draft, SlotWork slot, string instance, string worker) =>
        draft.Wait(slot.Number, $"waits until {instance} on {worker} has ended");

    /// <summary>
    /// Why after failures nothing is started in the slot, and until when; without a time until a person changes something.
    /// </summary>
    private static (string Why, DateTimeOffset? Until)? HeldBack(SlotRecord slot, DateTimeOffset now)
    {
        if (slot.Ended is { } ended) return (ended, null);
        if (slot.Failures is not { } failed || failed.NotBefore <= now) return null;
        var last = $"failed {failed.InARow} times in a row, last on {failed.Worker} ({failed.What})";
        return ($"{last}; next try at {failed.NotBefore:HH:mm:ss}", failed.NotBefore);
    }

    /// <summary>
    /// Two are to run: the predecessor ends once its successor serves, in an update once it has also proven good; a successor that is no
    /// longer right ends at once.
    /// </summary>
    private static void Swap(Draft draft, SlotWork slot, Item predecessor, Item latest)
    {
        if (WhyLeave(draft, slot, latest) is { } wrong)
        {
            // Whichever of the two serves stays, until the right one takes its place; of one that has not been heard nothing is known.
            var latestMayServe = latest.IsReady || latest.Standing == Standing.Unheard;
            if (predecessor.IsReady || !latestMayServe) draft.Stop(latest, wrong);
            else if (latest.IsReady && predecessor.Standing != Standing.Unheard)
                draft.Stop(predecessor, $"serves nobody, and {latest.Record.Name} does");
        }
        else if (latest.IsReady)
        {
            var proven = Rollouts.ProvenAt(draft, slot, latest);
            if (proven <= draft.Now) draft.Stop(predecessor, $"replaced by {latest.Record.Name}");
            else if (proven is { } later) draft.LookAgain(later);
        }
    }

    /// <summary>Why an instance cannot stay although it runs; none when it can.</summary>
    private static string? WhyLeave(Draft draft, SlotWork slot, Item item)
    {
        var revision = slot.Record!.Revision;
        if (item.Record.Revision != revision) return $"revision {revision} replaces revision {item.Record.Revision}";
        if (slot.Record.Worker is not null || item.WorkerIndex < 0) return null;
        var worker = draft.Fleet.Workers[item.WorkerIndex];
        if (worker.Draining) return $"{worker.Name} is draining";
        // Of a worker that is not ready the labels may be unknown.
        if (worker.Health != WorkerHealth.Ready || draft.Spec.Placement.Constraints.Count == 0) return null;
        return draft.PlacerOf(revision).Suits(item.WorkerIndex) ? null : $"{worker.Name} no longer fulfils the constraints";
    }

    private static void Succeed(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (slot.Leaving is { } leaving) WaitForEnd(draft, slot, leaving.Record.Name, leaving.Record.Worker);
        else if (item.Standing == Standing.Unheard) return;
        else if (HeldBack(slot.Record!, draft.Now) is { } held) draft.Wait(slot.Number, held.Why, held.Until);
        else if (item.Record.Revision != slot.Record!.Revision) Update(draft, slot, item, why, startFirst, budget);
        else Move(draft, slot, item, why, startFirst, budget);
    }

    private static void Update(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        // What serves is not given up for a revision that has been superseded meanwhile: the rollout comes to the slot in its turn.
        if (item.IsReady && draft.Record.Rollout is { } rollout && rollout.To != slot.Record!.Revision) return;
        // One that serves nobody needs no successor first.
        if (!startFirst || !item.IsReady)
        {
            draft.Stop(item, why);
            return;
        }

        // A slot of the batch has been admitted; one that failed before tries again beside the batches, and not in addition to them.
        var retries = !Rollouts.IsInBatch(draft, slot);
        if (retries && !budget.AllowsRetry) WaitForTurn(draft, slot, why, draft.Spec.Update.Parallelism);
        else if (NewInstance.Start(draft, slot, leaving: null, why) && retries) budget.SpendRetry();
    }

    private static void Move(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (item.IsReady)
        {
            if (!budget.AllowsMove(startFirst))
            {
                WaitForTurn(draft, slot, why, draft.Spec.MaxUnavailable);
                return;
            }

            var hasPlace = startFirst
                ? NewInstance.Start(draft, slot, item.Record.Worker, why)
                : NewInstance.KeepRoomFor(draft, slot, item, why);
            if (!hasPlace) return;
            budget.SpendMove();
        }

        if (!startFirst || !item.IsReady) draft.Stop(item, why);
        TellMove(draft, item, why);
    }

    private static void WaitForTurn(Draft draft, SlotWork slot, string why, int most) =>
        draft.Wait(slot.Number, $"{why}; waits for its turn: at most {most} at a time");

    public static void TellMove(Draft draft, Item item, string why) =>
        draft.Tell(HistoryKind.Move, $"{item.Record.Name} leaves {item.Record.Worker}: {why}", item.Record.Slot, item.Record.Revision);
}
