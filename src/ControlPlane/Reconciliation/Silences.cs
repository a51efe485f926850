using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Says of which instances nobody can tell at present what they do: their worker is not heard, or does not answer orders.
/// </summary>
internal static class Silences
{
    public static void Say(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            foreach (var item in slot.Items)
            {
                if (Why(draft, item) is { } why) draft.Wait(slot.Number, why);
            }
        }
    }

    private static string? Why(Draft draft, Item item)
    {
        if (item.WorkerIndex < 0) return null;
        if (item is { Runs: true, Seen.Report.Phase: Phase.Paused })
            return $"{item.Record.Name} on {item.Record.Worker} is paused: {item.Seen.Report.Message ?? "somebody has paused it"}";
        var worker = draft.Fleet.Workers[item.WorkerIndex];
        return worker.Health switch
        {
            WorkerHealth.Suspect when item.Runs => $"{worker.Name} is suspect: {worker.Note ?? "it is silent"}; what it has may run on",
            WorkerHealth.Ready when Unreached.Failed(draft, item) is { } order =>
                $"{worker.Name} {Unreached.Reason}: {order.Answer.Reason}{Unreached.Words(draft, item)}",
            WorkerHealth.Ready when item is { Runs: true, Standing: Standing.Placed } or { Runs: false }
                && draft.UnansweredOf(item.Record) is { } order => $"{worker.Name} {Unreached.Reason}: {order.Answer.Reason}",
            _ => null,
        };
    }
}
