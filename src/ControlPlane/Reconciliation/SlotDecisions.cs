using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

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
            if (slot.Record is null) continue;
            var latest = slot.Latest;
            if (latest is null) Fill(draft, slot, startFirst);
            else if (slot.Predecessor is { } predecessor && predecessor != latest) Swap(draft, slot, predecessor, latest);
            else if (WhyLeave(draft, slot, latest) is { } leave) Succeed(draft, slot, latest, leave, startFirst, budget);
        }
    }

    /// <summary>Starts an instance in a slot that has none.</summary>
    private static void Fill(Draft draft, SlotWork slot, bool startFirst)
    {
        if (slot.Leaving is { } leaving) draft.Wait(slot.Number, $"waits until {leaving.Record.Name} on {leaving.Record.Worker} has ended");
        else if (!startFirst && draft.LingeringIn(slot.Number) is { } stray) draft.Wait(slot.Number, $"waits until {stray.Report.Instance} on {stray.Worker} has ended");
        else if (MayStart(draft, slot)) Start(draft, slot, leaving: null, what: null);
    }

    private static bool MayStart(Draft draft, SlotWork slot)
    {
        if (slot.Record!.Ended is { } ended)
        {
            draft.Wait(slot.Number, ended);
            return false;
        }

        if (slot.Record.Failures is { } failures && failures.NotBefore > draft.Now)
        {
            draft.Wait(slot.Number, $"failed {failures.InARow} times in a row, last on {failures.Worker} ({failures.What}); next try at {failures.NotBefore:HH:mm:ss}");
            draft.LookAgain(failures.NotBefore);
            return false;
        }

        return true;
    }

    /// <summary>Places a new instance in the slot, or says why it cannot be; <paramref name="leaving"/> is a worker that it must not be, <paramref name="what"/> why it succeeds another.</summary>
    public static bool Start(Draft draft, SlotWork slot, string? leaving, string? what)
    {
        var record = slot.Record!;
        var placer = draft.PlacerOf(record.Revision);
        var name = new InstanceName(draft.Record.Name, slot.Number, record.Revision, record.Attempt + 1);
        if (PlaceFor(draft, slot, placer, name.ToString(), leaving, out var why) is not { } worker)
        {
            draft.WaitForRoom(slot.Number, what is null ? $"no worker can take it: {why}" : $"{what}, but no worker can take its successor: {why}");
            return false;
        }

        draft.Add(slot, InstanceRecord.Of(name, worker, what is null ? why : $"{what}; {why}", draft.Now, draft.Record.Epoch));
        draft.SetSlot(slot, record with { Attempt = name.Attempt });
        return true;
    }

    private static string? PlaceFor(Draft draft, SlotWork slot, Placer placer, string name, string? leaving, out string why)
    {
        if (slot.Record!.Worker is { } only)
        {
            var at = draft.Fleet.IndexOf(only);
            var rule = at < 0 ? Rule.Ready : placer.PlaceOn(at);
            why = at < 0 ? $"{only} is not known at present" : rule == Rule.None ? "one on each eligible worker" : $"{only} {placer.Words(rule, at)}";
            return rule == Rule.None ? only : null;
        }

        var choice = placer.Place(name, leaving);
        why = choice.Found ? placer.Words(choice) : placer.WhyNowhere(leaving is null ? -1 : draft.Fleet.IndexOf(leaving));
        return choice.Found ? draft.Fleet.Workers[choice.Worker].Name : null;
    }

    /// <summary>Two are to run: the predecessor ends once its successor serves, in an update once it has also proven good; a successor that is no longer right ends at once.</summary>
    private static void Swap(Draft draft, SlotWork slot, Item predecessor, Item latest)
    {
        if (WhyLeave(draft, slot, latest) is { } wrong)
        {
            // Whichever of the two serves stays, until the right one takes its place; of one that has not been heard nothing is known.
            if (predecessor.IsReady || !latest.IsReady && latest.Standing != Standing.Unheard) draft.Stop(latest, wrong);
            else if (latest.IsReady && predecessor.Standing != Standing.Unheard) draft.Stop(predecessor, $"serves nobody, and {latest.Record.Name} does");
        }
        else if (latest.IsReady && !Rollouts.IsWatching(draft, slot, latest))
        {
            draft.Stop(predecessor, $"replaced by {latest.Record.Name}");
        }
    }

    /// <summary>Why an instance cannot stay although it runs; none when it can.</summary>
    public static string? WhyLeave(Draft draft, SlotWork slot, Item item)
    {
        if (item.Record.Revision != slot.Record!.Revision) return $"revision {slot.Record.Revision} replaces revision {item.Record.Revision}";
        if (slot.Record.Worker is not null || draft.Fleet.IndexOf(item.Record.Worker) is not (>= 0 and var at)) return null;
        if (draft.Fleet.Workers[at].Draining) return $"{item.Record.Worker} is draining";
        // Of a worker that is not ready the labels may be unknown.
        return draft.Spec.Placement.Constraints.Count > 0 && draft.Fleet.Workers[at].Health == WorkerHealth.Ready && !draft.PlacerOf(slot.Record.Revision).Suits(at) ? $"{item.Record.Worker} no longer fulfils the constraints" : null;
    }

    private static void Succeed(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (slot.Leaving is { } leaving)
        {
            draft.Wait(slot.Number, $"waits until {leaving.Record.Name} on {leaving.Record.Worker} has ended");
            return;
        }

        if (item.Standing == Standing.Unheard || !MayStart(draft, slot)) return;
        if (item.Record.Revision != slot.Record!.Revision) Update(draft, slot, item, why, startFirst, budget);
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
        if (retries && !budget.AllowsRetry) draft.Wait(slot.Number, $"{why}; waits for its turn: at most {draft.Spec.Update.Parallelism} at a time");
        else if (Start(draft, slot, leaving: null, why) && retries) budget.SpendRetry();
    }

    private static void Move(Draft draft, SlotWork slot, Item item, string why, bool startFirst, Budget budget)
    {
        if (item.IsReady)
        {
            if (!budget.AllowsMove(startFirst))
            {
                draft.Wait(slot.Number, $"{why}; waits for its turn: at most {draft.Spec.MaxUnavailable} at a time");
                return;
            }

            if (startFirst ? !Start(draft, slot, item.Record.Worker, why) : !HasElsewhere(draft, slot, item, why)) return;
            budget.SpendMove();
        }

        if (!startFirst || !item.IsReady) draft.Stop(item, why);
        TellMove(draft, item, why);
    }

    /// <summary>Whether there is room for a successor; one that stops first must not stop for nothing.</summary>
    private static bool HasElsewhere(Draft draft, SlotWork slot, Item item, string why)
    {
        if (PlaceFor(draft, slot, draft.PlacerOf(slot.Record!.Revision), item.Record.Name, item.Record.Worker, out var reason) is not null) return true;
        draft.WaitForRoom(slot.Number, $"{why}, but no worker can take its successor: {reason}");
        return false;
    }

    public static void TellMove(Draft draft, Item item, string why) =>
        draft.Tell(HistoryKind.Move, $"{item.Record.Name} leaves {item.Record.Worker}: {why}", item.Record.Slot, item.Record.Revision);
}
