using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What each slot needs: a first instance, a successor, the end of a predecessor, or nothing.</summary>
internal static class SlotDecisions
{
    public static void Decide(Draft draft)
    {
        if (draft.Record.Job is { } job)
        {
            JobRuns.Decide(draft, job);
            return;
        }

        var startFirst = Succession.Of(draft.Spec).Order == UpdateOrder.StartFirst;
        var budget = new Budget(draft);
        foreach (var slot in draft.Slots)
        {
            if (!slot.IsWanted) continue;
            var latest = slot.Latest;
            if (slot.Held is { } held) Follow(draft, slot, held, budget);
            else if (latest is null) Refill(draft, slot, budget);
            else if (slot.Predecessor is { } predecessor && predecessor != latest) Swap(draft, slot, predecessor, latest);
            else if (WhyLeave(draft, slot, latest) is { } why) Succeed(draft, slot, latest, why, startFirst, budget);
        }
    }

    /// <summary>Where the old one stops first, a slot that failed in an update tries again in its turn, and not beside a batch.</summary>
    private static void Refill(Draft draft, SlotWork slot, Budget budget)
    {
        var retries = slot.Items is [] && budget.BoundsRetries && Rollouts.IsRetry(draft, slot)
            && HeldBack(slot.Record!, draft.Now) is null;
        if (retries && !budget.AllowsRetry)
        {
            WaitForTurn(draft, slot, $"revision {slot.Record!.Revision} is to be tried again", draft.Spec.Update.Parallelism);
            return;
        }

        Fill(draft, slot);
        if (retries && slot.Latest is not null) budget.SpendRetry();
    }

    /// <summary>Starts an instance in a slot that has none.</summary>
    public static void Fill(Draft draft, SlotWork slot)
    {
        if (slot.IsTried) return;
        slot.IsTried = true;
        var startFirst = Succession.Of(draft.Spec).Order == UpdateOrder.StartFirst;
        if (slot.Leaving is { } leaving && !(startFirst && MayBeFollowed(slot, leaving)))
            WaitForEnd(draft, slot, leaving.Record.Name, leaving.Record.Worker);
        else if (!startFirst && draft.LingeringIn(slot.Number) is { } stray) WaitForEnd(draft, slot, stray.Report.Instance, stray.Worker);
        else if (HeldBack(slot.Record!, draft.Now) is { } held) draft.Wait(slot.Number, held.Why, held.Until);
        else NewInstance.Start(draft, slot);
    }

    /// <summary>Where two may run nobody waits for the end of one that serves nobody; for two of them somebody does.</summary>
    private static bool MayBeFollowed(SlotWork slot, Item leaving) =>
        slot.Items is [var only] && only == leaving && leaving.Seen?.Report.Health == InstanceHealth.Unhealthy;

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

    /// <summary>After failures the slot is tried again by itself, only not yet.</summary>
    public static bool IsPausing(SlotWork slot, DateTimeOffset now) => HeldBack(slot.Record!, now) is { Until: not null };

    /// <summary>
    /// A successor waits for the end of its predecessor, and that for the successor to be ready to start; one that is no longer right ends.
    /// </summary>
    private static void Follow(Draft draft, SlotWork slot, Item held, Budget budget)
    {
        if (WhyLeave(draft, slot, held) is { } wrong) draft.Stop(held, wrong);
        else if (slot.Latest is { } predecessor) TakeOver(draft, slot, predecessor, held, budget);
        else if (slot.Leaving is { } leaving) WaitForEnd(draft, slot, leaving.Record.Name, leaving.Record.Worker);
        else if (draft.LingeringIn(slot.Number) is { } stray) WaitForEnd(draft, slot, stray.Report.Instance, stray.Worker);
        else draft.Release(held);
    }

    private static void TakeOver(Draft draft, SlotWork slot, Item predecessor, Item held, Budget budget)
    {
        var name = held.Record.Name;
        if (predecessor.Standing == Standing.Unheard || held.Standing == Standing.Unheard) return;
        if (predecessor.IsReady && !MayEndFirst(draft, predecessor, held))
        {
            draft.Stop(held, $"{predecessor.Record.Name} serves by now, and the order is start-first");
            return;
        }

        if (held.Standing != Standing.Prepared)
        {
            var what = held.Seen?.Report.Message is { } message ? $": {message}" : "";
            draft.Wait(slot.Number, $"{name} is being made ready on {held.Record.Worker}{what}");
        }
        else if (IsLate(draft, held))
            draft.Wait(slot.Number, $"{name} is ready to start on {held.Record.Worker}, which is suspect");
        else if (predecessor.IsReady && !budget.AllowsTakeOver(slot))
            WaitForTurn(draft, slot, $"{name} is ready to take the place of {predecessor.Record.Name}", budget.MostTakenOver(slot));
        else
        {
            if (predecessor.IsReady) budget.SpendTakeOver();
            draft.Stop(predecessor, $"{name} takes its place");
            Rollouts.GetOn(draft, held.Record.Revision);
        }
    }

    /// <summary>Whether what serves may end before its successor has begun.</summary>
    private static bool MayEndFirst(Draft draft, Item predecessor, Item held) =>
        Succession.Of(draft.Spec).Order == UpdateOrder.StopFirst
        || (Succession.MayStopFirst(draft.Spec) && predecessor.Record.Revision != held.Record.Revision);

    private static bool IsLate(Draft draft, Item held) =>
        held.WorkerIndex < 0 || draft.Fleet.Workers[held.WorkerIndex].Health != WorkerHealth.Ready;

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
        if (draft.IsForeign(revision, item.Seen)) return $"{item.Record.Name} was made from something else than revision {revision}";
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
        else if (slot.Record!.IsFinished && item.Record.Revision != slot.Record.Revision)
            draft.Stop(item, $"revision {slot.Record.Revision} has taken its place, and has finished");
        else if (HeldBack(slot.Record!, draft.Now) is { } held) draft.Wait(slot.Number, held.Why, held.Until);
        else if (item.Record.Revision != slot.Record!.Revision) Update(draft, slot, item, why, startFirst, budget);
        else Move(draft, slot, item, why, startFirst, budget);
    }

    private static void Update(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        // What serves is not given up for a revision that has been superseded meanwhile: the rollout comes to the slot in its turn.
        if (item.IsReady && draft.Record.Rollout is { } rollout && rollout.To != slot.Record!.Revision) return;

        // A slot of the batch has been admitted; one that failed before tries again beside the batches, and not in addition to them.
        var retries = item.IsReady && !Rollouts.IsInBatch(draft, slot);
        if (item.IsReady && !(retries ? budget.AllowsRetry : budget.AllowsMember))
            WaitForTurn(draft, slot, why, draft.Spec.Update.Parallelism);
        else if (Begin(draft, slot, item, why, startFirst, budget) is { } nowhere) draft.WaitForRoom(slot.Number, nowhere);
        else if (retries) budget.SpendRetry();
    }

    /// <summary>
    /// Decides the successor of another revision: beside its predecessor when that serves and the order is start-first, else in its place.
    /// Where nothing can run beside it, its place will do as well, as far as <c>maxUnavailable</c> allows.
    /// </summary>
    /// <returns>Why it waits for room; none when it is decided.</returns>
    public static string? Begin(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (!startFirst || !item.IsReady)
            return NewInstance.InPlace(draft, slot, item, elsewhere: false, why, out var nowhere) ? null
                : NewInstance.NoSuccessor(why, nowhere);
        if (NewInstance.Beside(draft, slot, item, elsewhere: false, why, out var notBeside)) return null;
        var words = NewInstance.NoSuccessor(why, notBeside);
        if (!Succession.MayStopFirst(draft.Spec)) return $"{words}; it may not take its predecessor's place, for the order is start-first";
        if (!budget.AllowsInPlace) return words;
        var instead = $"{why}; it starts when its predecessor has ended, for nothing can run beside that: {notBeside}";
        if (!NewInstance.InPlace(draft, slot, item, elsewhere: false, instead, out _)) return words;
        budget.SpendInPlace();
        return null;
    }

    private static void Move(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (item.IsReady && !budget.AllowsMove(startFirst))
        {
            WaitForTurn(draft, slot, why, draft.Spec.MaxUnavailable);
            return;
        }

        var elsewhere = !draft.IsForeign(item.Record.Revision, item.Seen);
        var isPlaced = startFirst && item.IsReady
            ? NewInstance.Beside(draft, slot, item, elsewhere, why, out var nowhere)
            : NewInstance.InPlace(draft, slot, item, elsewhere, why, out nowhere);
        if (!isPlaced)
        {
            draft.WaitForRoom(slot.Number, NewInstance.NoSuccessor(why, nowhere));
            return;
        }

        if (item.IsReady) budget.SpendMove();
        TellMove(draft, item, why);
    }

    private static void WaitForTurn(Draft draft, SlotWork slot, string why, int most) =>
        draft.Wait(slot.Number, $"{why}; waits for its turn: at most {most} at a time");

    public static void TellMove(Draft draft, Item item, string why) =>
        draft.Tell(HistoryKind.Move, $"{item.Record.Name} leaves {item.Record.Worker}: {why}", item.Record.Slot, item.Record.Revision);
}
