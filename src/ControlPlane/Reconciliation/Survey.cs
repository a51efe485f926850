using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// A plan with the last pass that led to it, which decided nothing more: the slots, the workers and the room as the decision saw them.
/// </summary>
internal sealed class Survey(Draft draft, Plan plan)
{
    public Plan Plan => plan;

    /// <summary>The wanted slots from a number on.</summary>
    public IEnumerable<SlotWork> SlotsFrom(int number) => draft.Slots.Where(slot => slot.IsWanted && slot.Number >= number);

    /// <summary>How all workers stand to the instance of a slot, as if it were still to be placed.</summary>
    /// <param name="mostRanked">Of the workers that could take it only so many, the best ones.</param>
    public SlotSurvey Of(SlotWork slot, int mostRanked)
    {
        var placer = draft.PlacerOf(slot.Record!.Revision);
        var (ranked, refused) = slot.Latest is { } latest ? placer.Survey(latest.WorkerIndex, mostRanked) : placer.Survey(most: mostRanked);
        return new SlotSurvey(draft.Fleet.Workers, placer, ranked, refused);
    }
}

/// <summary>The workers that could take the instance of a slot, best first, and all others with the rule that refuses them.</summary>
internal sealed class SlotSurvey(
    Worker[] workers, Placer placer, List<(int Worker, Score Score)> ranked, List<(int Worker, Rule Rule)> refused)
{
    public IEnumerable<(string Worker, Score Score)> Ranked => ranked.Select(r => (workers[r.Worker].Name, r.Score));

    public IEnumerable<(string Worker, Rule Rule, string Why)> Refused =>
        refused.Select(r => (workers[r.Worker].Name, r.Rule, placer.Words(r.Rule, r.Worker)));

    /// <summary>How many workers each rule refuses.</summary>
    public IEnumerable<KeyValuePair<Rule, int>> Refusals => refused.CountBy(r => r.Rule).OrderBy(count => count.Key);
}
