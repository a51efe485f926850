using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// Moves instances to where they would be placed today: one at a time, from a calm state only, and only when the gain is worth a start.
/// </summary>
internal static class EvenSpread
{
    /// <summary>
    /// A move must gain as much, in points; one instance more on a worker than on another weighs <see cref="Score.PerInstance"/>.
    /// </summary>
    public const double WorthAMove = 40;

    /// <summary>Without being asked at most one move in this time, so that the figures can follow.</summary>
    public static readonly TimeSpan AutomaticPause = TimeSpan.FromSeconds(30);

    public static void Consider(Draft draft)
    {
        var asked = draft.Record.Rebalance;
        var isAutomatic = draft.Spec.Rebalance == Rebalancing.Auto;
        if (asked is null && !isAutomatic || !MayMove(draft)) return;
        if (asked is null && draft.Record.LastMove is { } last && !draft.HasCome(last + AutomaticPause)) return;
        if (draft.Slots.Any(slot => slot.IsWanted && Pins.Of(draft, slot) is not null))
        {
            End(draft, asked, "its volumes keep its instances where they are");
            return;
        }

        if (isAutomatic) draft.LookAgain(draft.Now + AutomaticPause);
        if (asked is { Moves: var moves } && moves >= 2 * draft.Slots.Wanted) End(draft, asked, "the figures do not settle");
        else if (Worst(draft) is not var (slot, item, gain)) End(draft, asked, "no further move is worth it");
        else Move(draft, asked, slot, item, string.Create(CultureInfo.InvariantCulture, $"moved to even out the load, a gain of {gain:0}"));
    }

    private static bool MayMove(Draft draft)
    {
        var isOver = draft.Record.Withdrawn || draft.Record.Rollout is not null || draft.Spec.Mode != ServiceMode.Replicated;
        return !isOver && draft.Slots.All(IsCalm);
    }

    /// <summary>One instance serves, and nothing is on its way in or out; or it is given up and empty.</summary>
    private static bool IsCalm(SlotWork slot) =>
        slot is { Record: not null, Items: [{ Runs: true, IsReady: true }] } or { Record: null or { Ended: not null }, Items: [] };

    /// <summary>
    /// The instance that would gain most by a move, when that is worth it: the highest slot of the worker that is worst off.
    /// </summary>
    private static (SlotWork Slot, Item Item, double Gain)? Worst(Draft draft)
    {
        var placer = draft.PlacerOf(draft.Record.Revision);
        if (placer.WorstOff() is not (>= 0 and var worker)) return null;
        var gain = placer.GainOfLeaving(worker);
        if (gain < WorthAMove) return null;
        for (var at = draft.Slots.Count - 1; at >= 0; at--)
        {
            if (draft.Slots[at] is { IsWanted: true, Items: [var item, ..] } slot && item.WorkerIndex == worker) return (slot, item, gain);
        }

        return null;
    }

    private static void Move(Draft draft, RebalanceRecord? asked, SlotWork slot, Item item, string why)
    {
        if (Succession.Of(draft.Spec).Order == UpdateOrder.StopFirst)
        {
            if (draft.Slots.Wanted - draft.Slots.Ready >= draft.Spec.MaxUnavailable)
            {
                End(draft, asked, "a move would take away more instances at a time than maxUnavailable allows");
                return;
            }

            if (!NewInstance.InPlace(draft, slot, item, elsewhere: true, why, out _)) return;
        }
        else if (!NewInstance.Beside(draft, slot, item, elsewhere: true, why, out _))
        {
            return;
        }

        SlotDecisions.TellMove(draft, item, why);
        draft.Change(draft.Record with { LastMove = draft.Now, Rebalance = asked is null ? null : asked with { Moves = asked.Moves + 1 } });
    }

    /// <summary>What nobody asked for does not end either.</summary>
    private static void End(Draft draft, RebalanceRecord? asked, string why)
    {
        if (asked is null) return;
        draft.Tell(HistoryKind.Move, $"rebalancing ended after {asked.Moves} {(asked.Moves == 1 ? "move" : "moves")}: {why}");
        draft.Change(draft.Record with { Rebalance = null });
    }
}
