namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The heart: from what is wished, decided and observed to what is to be done next. No clock, no I/O, no dice.</summary>
internal static class Reconciler
{
    /// <summary>Two passes are usual after a change, three are rare; more would be two rules that undo each other.</summary>
    private const int MostPasses = 6;

    /// <summary>Decides until nothing is left to decide, so that one turn answers one piece of news and saves once.</summary>
    public static Plan Reconcile(Situation situation)
    {
        var plan = Once(situation);
        for (var pass = 1; pass < MostPasses && !ReferenceEquals(plan.Record, situation.Record); pass++)
        {
            situation = situation with { Record = plan.Record };
            plan = Once(situation);
        }

        return plan;
    }

    private static Plan Once(Situation situation)
    {
        var draft = new Draft(situation);
        Endings.Note(draft);
        Strays.Sort(draft);
        SlotCount.Adjust(draft);
        Rollouts.Advance(draft);
        SlotDecisions.Decide(draft);
        Rebalancing.Consider(draft);
        StepsDue.Collect(draft);
        return draft.ToPlan();
    }
}
