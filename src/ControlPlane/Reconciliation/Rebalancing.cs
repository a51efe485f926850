using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Moves instances to where they would be placed today: one at a time, from a calm state only, and only when the gain is worth a start.</summary>
internal static class Rebalancing
{
    /// <summary>A move must gain as much; one instance more on a worker than on another weighs <see cref="Placement.Score.PerInstance"/>.</summary>
    public const double WorthAMove = 40;

    /// <summary>Without being asked at most one move in this time, so that the figures can follow.</summary>
    public static readonly TimeSpan AutomaticPause = TimeSpan.FromSeconds(30);

    public static void Consider(Turn turn)
    {
        var asked = turn.Record.Rebalance;
        var auto = turn.Spec.Rebalance == Orchestrator.Contracts.Services.Rebalancing.Auto;
        if (asked is null && !auto || turn.Record.Withdrawn || turn.Spec.Mode == ServiceMode.Global || turn.Record.Rollout is not null || !IsCalm(turn)) return;
        if (asked is null && turn.Record.LastMove is { } last && last + AutomaticPause > turn.Now)
        {
            turn.LookAgain(last + AutomaticPause);
            return;
        }

        if (auto) turn.LookAgain(turn.Now + AutomaticPause);
        if (asked is { Moves: var moves } && moves >= 2 * turn.WantedSlots)
        {
            End(turn, asked, "the figures do not settle");
            return;
        }

        if (Worst(turn) is not var (slot, item, gain))
        {
            if (asked is not null) End(turn, asked, "no further move is worth it");
            return;
        }

        var stopFirst = UpdateOrders.Of(turn.Spec).Order == UpdateOrder.StopFirst;
        if (stopFirst && turn.WantedSlots - turn.Ready >= turn.Spec.MaxUnavailable)
        {
            if (asked is not null) End(turn, asked, "a move would take away more instances at a time than maxUnavailable allows");
            return;
        }

        var why = string.Create(CultureInfo.InvariantCulture, $"moved to even out the load, a gain of {gain:0}");
        if (stopFirst) turn.Stop(item, why);
        else if (!SlotDecisions.Start(turn, slot, item.Record.Worker, why)) return;
        SlotDecisions.TellMove(turn, item, why);
        turn.Change(turn.Record with { LastMove = turn.Now, Rebalance = asked is null ? null : asked with { Moves = asked.Moves + 1 } });
    }

    /// <summary>Every slot that is tried has one instance that serves, and nothing is on its way out.</summary>
    private static bool IsCalm(Turn turn)
    {
        foreach (var slot in turn.Slots)
        {
            if (slot.Record is null or { Ended: not null } && slot.First is null) continue;
            if (slot.Record is null || slot.First is not { Runs: true, IsReady: true, Next: null }) return false;
        }

        return true;
    }

    /// <summary>The instance that would gain most by a move, when that is worth it: the highest slot of the worker that is worst off.</summary>
    private static (SlotWork Slot, Item Item, double Gain)? Worst(Turn turn)
    {
        var placer = turn.PlacerOf(turn.Record.Revision);
        if (placer.WorstOff() is not (>= 0 and var worker)) return null;
        var gain = placer.GainOfLeaving(worker);
        if (gain < WorthAMove) return null;
        var name = turn.Fleet.Workers[worker].Name;
        for (var at = turn.Slots.Count - 1; at >= 0; at--)
        {
            if (turn.Slots[at] is { Record: not null, First: { } item } slot && item.Record.Worker == name) return (slot, item, gain);
        }

        return null;
    }

    private static void End(Turn turn, RebalanceRecord asked, string why)
    {
        turn.Tell(HistoryKind.Move, $"rebalancing ended after {asked.Moves} {(asked.Moves == 1 ? "move" : "moves")}: {why}");
        turn.Change(turn.Record with { Rebalance = null });
    }
}
