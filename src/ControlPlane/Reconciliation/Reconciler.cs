namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The heart: from what is wished, decided and observed to what is to be done next. No clock, no I/O, no dice.</summary>
internal static class Reconciler
{
    public static Plan Reconcile(Situation situation)
    {
        var turn = new Turn(situation);
        Endings.Note(turn);
        Strays.Sort(turn);
        SlotCount.Adjust(turn);
        Rollouts.Advance(turn);
        SlotDecisions.Decide(turn);
        Rebalancing.Consider(turn);
        OrdersDue.Collect(turn);
        return turn.ToPlan();
    }
}
