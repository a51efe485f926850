namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>The heart: from what is wished, decided and observed to what is to be done next. No clock, no I/O, no dice.</summary>
internal static class Reconciler
{
    /// <summary>Two passes are usual after a change, three are rare; more would be two stages that undo each other.</summary>
    public const int MostPasses = 6;

    /// <summary>A pass goes through them in this order.</summary>
    public static IReadOnlyList<Action<Draft>> Stages { get; } =
    [
        Endings.Note,
        Proof.Note,
        JobRuns.Judge,
        Strays.Sort,
        Pins.Note,
        SlotCount.Adjust,
        Rollouts.Advance,
        Room.Count,
        Unreached.GiveUp,
        Batches.Admit,
        SlotDecisions.Decide,
        EvenSpread.Consider,
        Deadlines.Check,
        StepsDue.Collect,
        Silences.Say,
    ];

    public static Plan Reconcile(Situation situation) => Survey(situation).Plan;

    /// <summary>The plan, and what it was made from: for those who ask why.</summary>
    public static Survey Survey(Situation situation) => Survey(situation, Stages);

    /// <summary>Decides until nothing is left to decide, so that one turn answers one piece of news and saves once.</summary>
    internal static Survey Survey(Situation situation, IReadOnlyList<Action<Draft>> stages)
    {
        for (var pass = 1; ; pass++)
        {
            var draft = new Draft(situation);
            foreach (var stage in stages) stage(draft);
            var plan = draft.ToPlan();
            if (ReferenceEquals(plan.Record, situation.Record)) return new Survey(draft, plan);
            if (pass == MostPasses) return new Survey(draft, Unsettled.Say(plan, situation));
            situation = situation with { Record = plan.Record };
        }
    }
}
