using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>What each slot needs: a first instance, a successor, the end of a predecessor, or nothing.</summary>
internal static class SlotDecisions
{
    public static void Decide(Turn turn)
    {
        var startFirst = UpdateOrders.Of(turn.Spec).Order == UpdateOrder.StartFirst;
        var budget = new Budget(turn);
        foreach (var slot in turn.Slots)
        {
            if (slot.Record is null) continue;
            var latest = slot.Latest;
            if (latest is null) Fill(turn, slot, startFirst);
            else if (slot.Predecessor is { } predecessor && predecessor != latest) Swap(turn, slot, predecessor, latest);
            else if (WhyLeave(turn, slot, latest) is { } leave) Succeed(turn, slot, latest, leave, startFirst, budget);
        }
    }

    /// <summary>Starts an instance in a slot that has none.</summary>
    private static void Fill(Turn turn, SlotWork slot, bool startFirst)
    {
        if (slot.Leaving is { } leaving) turn.Wait(slot.Number, $"waits until {leaving.Record.Name} on {leaving.Record.Worker} has ended");
        else if (!startFirst && turn.LingeringIn(slot.Number) is { } stray) turn.Wait(slot.Number, $"waits until {stray.Report.Instance} on {stray.Worker} has ended");
        else if (MayStart(turn, slot)) Start(turn, slot, leaving: null, what: null);
    }

    private static bool MayStart(Turn turn, SlotWork slot)
    {
        if (slot.Record!.Ended is { } ended)
        {
            turn.Wait(slot.Number, ended);
            return false;
        }

        if (slot.Record.Failures is { } failures && failures.NotBefore > turn.Now)
        {
            turn.Wait(slot.Number, $"failed {failures.InARow} times in a row, last on {failures.Worker} ({failures.What}); next try at {failures.NotBefore:HH:mm:ss}");
            turn.LookAgain(failures.NotBefore);
            return false;
        }

        return true;
    }

    /// <summary>Places a new instance in the slot, or says why it cannot be; <paramref name="leaving"/> is a worker that it must not be, <paramref name="what"/> why it succeeds another.</summary>
    public static bool Start(Turn turn, SlotWork slot, string? leaving, string? what)
    {
        var record = slot.Record!;
        var placer = turn.PlacerOf(record.Revision);
        var name = new InstanceName(turn.Record.Name, slot.Number, record.Revision, record.Attempt + 1);
        if (PlaceFor(turn, slot, placer, name.ToString(), leaving, out var why) is not { } worker)
        {
            turn.WaitForRoom(slot.Number, what is null ? $"no worker can take it: {why}" : $"{what}, but no worker can take its successor: {why}");
            return false;
        }

        turn.Add(slot, InstanceRecord.Of(name, worker, what is null ? why : $"{what}; {why}", turn.Now, turn.Record.Epoch));
        turn.SetSlot(slot, record with { Attempt = name.Attempt });
        return true;
    }

    private static string? PlaceFor(Turn turn, SlotWork slot, Placer placer, string name, string? leaving, out string why)
    {
        if (slot.Record!.Worker is { } only)
        {
            var at = turn.Fleet.IndexOf(only);
            var rule = at < 0 ? Rule.Ready : placer.PlaceOn(at);
            why = at < 0 ? $"{only} is not known at present" : rule == Rule.None ? "one on each eligible worker" : $"{only} {placer.Words(rule, at)}";
            return rule == Rule.None ? only : null;
        }

        var choice = placer.Place(name, leaving);
        why = choice.Found ? placer.Words(choice) : placer.WhyNowhere(leaving is null ? -1 : turn.Fleet.IndexOf(leaving));
        return choice.Found ? turn.Fleet.Workers[choice.Worker].Name : null;
    }

    /// <summary>Two are to run: the predecessor ends once its successor serves, in an update once it has also proven good; a successor that is no longer right ends at once.</summary>
    private static void Swap(Turn turn, SlotWork slot, Item predecessor, Item latest)
    {
        if (WhyLeave(turn, slot, latest) is { } wrong)
        {
            // Whichever of the two serves stays, until the right one takes its place; of one that has not been heard nothing is known.
            if (predecessor.IsReady || !latest.IsReady && latest.Standing != Standing.Unheard) turn.Stop(latest, wrong);
            else if (latest.IsReady && predecessor.Standing != Standing.Unheard) turn.Stop(predecessor, $"serves nobody, and {latest.Record.Name} does");
        }
        else if (latest.IsReady && !Rollouts.IsWatching(turn, slot, latest))
        {
            turn.Stop(predecessor, $"replaced by {latest.Record.Name}");
        }
    }

    /// <summary>Why an instance cannot stay although it runs; none when it can.</summary>
    public static string? WhyLeave(Turn turn, SlotWork slot, Item item)
    {
        if (item.Record.Revision != slot.Record!.Revision) return $"revision {slot.Record.Revision} replaces revision {item.Record.Revision}";
        if (slot.Record.Worker is not null || turn.Fleet.IndexOf(item.Record.Worker) is not (>= 0 and var at)) return null;
        if (turn.Fleet.Workers[at].Draining) return $"{item.Record.Worker} is draining";
        // Of a worker that is not ready the labels may be unknown.
        return turn.Spec.Placement.Constraints.Count > 0 && turn.Fleet.Workers[at].Health == WorkerHealth.Ready && !turn.PlacerOf(slot.Record.Revision).Suits(at) ? $"{item.Record.Worker} no longer fulfils the constraints" : null;
    }

    private static void Succeed(Turn turn, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (slot.Leaving is { } leaving)
        {
            turn.Wait(slot.Number, $"waits until {leaving.Record.Name} on {leaving.Record.Worker} has ended");
            return;
        }

        if (item.Standing == Standing.Unheard || !MayStart(turn, slot)) return;
        if (item.Record.Revision != slot.Record!.Revision) Update(turn, slot, item, why, startFirst, budget);
        else Move(turn, slot, item, why, startFirst, budget);
    }

    private static void Update(Turn turn, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        // What serves is not given up for a revision that has been superseded meanwhile: the rollout comes to the slot in its turn.
        if (item.IsReady && turn.Record.Rollout is { } rollout && rollout.To != slot.Record!.Revision) return;
        // One that serves nobody needs no successor first.
        if (!startFirst || !item.IsReady)
        {
            turn.Stop(item, why);
            return;
        }

        // A slot of the batch has been admitted; one that failed before tries again beside the batches, and not in addition to them.
        var retries = !Rollouts.IsInBatch(turn, slot);
        if (retries && !budget.AllowsRetry) turn.Wait(slot.Number, $"{why}; waits for its turn: at most {turn.Spec.Update.Parallelism} at a time");
        else if (Start(turn, slot, leaving: null, why) && retries) budget.SpendRetry();
    }

    private static void Move(Turn turn, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (item.IsReady)
        {
            if (!budget.AllowsMove(startFirst))
            {
                turn.Wait(slot.Number, $"{why}; waits for its turn: at most {turn.Spec.MaxUnavailable} at a time");
                return;
            }

            if (startFirst ? !Start(turn, slot, item.Record.Worker, why) : !HasElsewhere(turn, slot, item, why)) return;
            budget.SpendMove();
        }

        if (!startFirst || !item.IsReady) turn.Stop(item, why);
        TellMove(turn, item, why);
    }

    /// <summary>Whether there is room for a successor; one that stops first must not stop for nothing.</summary>
    private static bool HasElsewhere(Turn turn, SlotWork slot, Item item, string why)
    {
        if (PlaceFor(turn, slot, turn.PlacerOf(slot.Record!.Revision), item.Record.Name, item.Record.Worker, out var reason) is not null) return true;
        turn.WaitForRoom(slot.Number, $"{why}, but no worker can take its successor: {reason}");
        return false;
    }

    public static void TellMove(Turn turn, Item item, string why) =>
        turn.Tell(HistoryKind.Move, $"{item.Record.Name} leaves {item.Record.Worker}: {why}", item.Record.Slot, item.Record.Revision);
}
