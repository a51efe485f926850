using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Moves instances to where they would be placed today: one at a time, from a calm state only, and only when the gain is worth a start.</summary>
internal static class Rebalancing
{
    /// <summary>A move must gain as much; one instance more on a worker than on another weighs <see cref="Placement.Score.PerInstance"/>.</summary>
    public const double WorthAMove = 40;

    /// <summary>Without being asked at most one move in this time, so that the figures can follow.</summary>
    public static readonly TimeSpan AutomaticPause = TimeSpan.FromSeconds(30);

    public static void Consider(Draft draft)
    {
        var asked = draft.Record.Rebalance;
        var auto = draft.Spec.Rebalance == Orchestrator.Contracts.Services.Rebalancing.Auto;
        if (asked is null && !auto || draft.Record.Withdrawn || draft.Spec.Mode == ServiceMode.Global || draft.Record.Rollout is not null || !IsCalm(draft)) return;
        if (asked is null && draft.Record.LastMove is { } last && last + AutomaticPause > draft.Now)
        {
            draft.LookAgain(last + AutomaticPause);
            return;
        }

        if (auto) draft.LookAgain(draft.Now + AutomaticPause);
        if (asked is { Moves: var moves } && moves >= 2 * draft.WantedSlots)
        {
            End(draft, asked, "the figures do not settle");
            return;
        }

        if (Worst(draft) is not var (slot, item, gain))
        {
            if (asked is not null) End(draft, asked, "no further move is worth it");
            return;
        }

        var stopFirst = Succession.Of(draft.Spec).Order == UpdateOrder.StopFirst;
        if (stopFirst && draft.WantedSlots - draft.Ready >= draft.Spec.MaxUnavailable)
        {
            if (asked is not null) End(draft, asked, "a move would take away more instances at a time than maxUnavailable allows");
            return;
        }

        var why = string.Create(CultureInfo.InvariantCulture, $"moved to even out the load, a gain of {gain:0}");
        if (stopFirst) draft.Stop(item, why);
        else if (!SlotDecisions.Start(draft, slot, item.Record.Worker, why)) return;
        SlotDecisions.TellMove(draft, item, why);
        draft.Change(draft.Record with { LastMove = draft.Now, Rebalance = asked is null ? null : asked with { Moves = asked.Moves + 1 } });
    }

    /// <summary>Every slot that is tried has one instance that serves, and nothing is on its way out.</summary>
    private static bool IsCalm(Draft draft)
    {
        foreach (var slot in draft.Slots)
        {
            if (slot.Record is null or { Ended: not null } && slot.First is null) continue;
            if (slot.Record is null || slot.First is not { Runs: true, IsReady: true, Next: null }) return false;
        }

        return true;
    }

    /// <summary>The instance that would gain most by a move, when that is worth it: the highest slot of the worker that is worst off.</summary>
    private static (SlotWork Slot, Item Item, double Gain)? Worst(Draft draft)
    {
        var placer = draft.PlacerOf(draft.Record.Revision);
        if (placer.WorstOff() is not (>= 0 and var worker)) return null;
        var gain = placer.GainOfLeaving(worker);
        if (gain < WorthAMove) return null;
        var name = draft.Fleet.Workers[worker].Name;
        for (var at = draft.Slots.Count - 1; at >= 0; at--)
        {
            if (draft.Slots[at] is { Record: not null, First: { } item } slot && item.Record.Worker == name) return (slot, item, gain);
        }

        return null;
    }

    private static void End(Draft draft, RebalanceRecord asked, string why)
    {
        draft.Tell(HistoryKind.Move, $"rebalancing ended after {asked.Moves} {(asked.Moves == 1 ? "move" : "moves")}: {why}");
        draft.Change(draft.Record with { Rebalance = null });
    }
}
