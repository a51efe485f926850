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
            if (latest is null) Fill(turn, slot);
            else if (slot.Predecessor is { } predecessor && predecessor != latest) Swap(turn, slot, predecessor, latest);
            else if (WhyLeave(turn, slot, latest) is { } leave) Succeed(turn, slot, latest, leave, startFirst, budget);
        }
    }

    /// <summary>Starts an instance in a slot that has none.</summary>
    private static void Fill(Turn turn, SlotWork slot)
    {
        if (slot.Leaving is { } leaving) turn.Wait(slot.Number, $"waits until {leaving.Record.Name} on {leaving.Record.Worker} has ended");
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
        else if (latest.IsReady && !Rollouts.IsWatching(turn, slot))
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
        var update = item.Record.Revision != slot.Record!.Revision;
        // One that serves nobody needs no successor first.
        if (!item.IsReady)
        {
            turn.Stop(item, why);
            return;
        }

        if (!update && !budget.Allows(startFirst))
        {
            turn.Wait(slot.Number, $"{why}; waits for its turn: at most {turn.Spec.MaxUnavailable} at a time");
            return;
        }

        if (startFirst)
        {
            if (Start(turn, slot, update ? null : item.Record.Worker, why) && !update) budget.Spend();
        }
        else if (update)
        {
            turn.Stop(item, why);
        }
        else if (PlaceFor(turn, slot, turn.PlacerOf(slot.Record.Revision), item.Record.Name, item.Record.Worker, out var reason) is null)
        {
            turn.WaitForRoom(slot.Number, $"{why}, but no worker can take its successor: {reason}");
        }
        else
        {
            turn.Stop(item, why);
            budget.Spend();
        }
    }

    /// <summary>Moves take away at most as many serving instances at a time as the service allows.</summary>
    private sealed class Budget
    {
        private readonly int most;
        private int moving;
        private int unavailable;

        public Budget(Turn turn)
        {
            most = turn.Spec.MaxUnavailable;
            foreach (var slot in turn.Slots)
            {
                if (slot.Record is null) continue;
                if (!slot.HasReady) unavailable++;
                if (slot.Latest is { } latest && slot.Predecessor != latest && slot.Predecessor!.Record.Revision == latest.Record.Revision) moving++;
            }
        }

        public bool Allows(bool startFirst) => (startFirst ? moving : Math.Max(moving, unavailable)) < most;

        public void Spend() => (moving, unavailable) = (moving + 1, unavailable + 1);
    }
}
