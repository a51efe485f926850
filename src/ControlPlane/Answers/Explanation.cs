using System.Text.Json;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Answers "why there?" and "why not yet?" by the same rules and figures that decide.</summary>
internal static class Explanation
{
    public const int SlotsPerPage = 50;
    private const int MostCandidates = 10;
    private const int MostRefused = 50;

    /// <summary>Explains a page of slots beginning with number <paramref name="from"/>.</summary>
    public static ServiceExplanation Of(Situation situation, int from = 1)
    {
        var survey = Reconciler.Survey(situation);
        var record = survey.Plan.Record;
        var (order, why) = Succession.Of(record.Spec);
        var page = survey.SlotsFrom(from).Take(SlotsPerPage + 1).ToList();
        return new ServiceExplanation
        {
            Name = record.Name,
            Revision = record.Revision,
            UpdateOrder = $"{order.Word()}{(why is null ? "" : $": {why}")}",
            Rollout = survey.Plan.Rollout,
            LastRollout = record.LastRollout,
            Slots = page.Take(SlotsPerPage).Select(slot => Slot(survey, slot)).ToValueList(),
            Next = page.Count > SlotsPerPage ? page[^1].Number : null,
        };
    }

    public static ServiceHistory History(ServiceRecord record) => new()
    {
        Name = record.Name,
        Revisions = record.Revisions.Where(r => r.Number >= record.FirstRevision)
            .Select(r => new RevisionView(r.Number, r.Number == record.Revision, r.Who, r.When, r.Why, r.Spec, r.Content)).ToValueList(),
        Events = record.History,
    };

    /// <summary>
    /// What keeps a draining worker from being empty of this service: each instance that is still there, and what it waits for.
    /// </summary>
    public static ValueList<string> Holding(ServiceRecord record, Plan plan, string worker) =>
        record.Instances.Where(instance => instance.Worker == worker)
            .Select(instance => $"{instance.Name}: {plan.WaitingBySlot.GetValueOrDefault(instance.Slot) ?? Leaving(instance)}")
            .ToValueList();

    private static string Leaving(InstanceRecord instance) => instance.Intent == Intent.Stop ? "is stopping"
        : instance.RunNumber > 0 ? "works, and what a job runs is left to its end"
        : "its successor starts";

    private static SlotExplanation Slot(Survey survey, SlotWork slot)
    {
        var item = slot.Latest;
        var workers = survey.Of(slot, MostCandidates);
        return new SlotExplanation
        {
            Slot = slot.Number,
            Instance = item?.Record.Name,
            Worker = item?.Record.Worker,
            Phase = item is null ? null : item.Seen?.Report.Phase ?? Phase.Placed,
            DecidedAt = item?.Record.DecidedAt,
            Reason = item?.Record.Reason,
            Waiting = survey.Plan.WaitingBySlot.GetValueOrDefault(slot.Number),
            Failures = slot.Record?.Failures is { } failures ? Words(failures) : null,
            Candidates = workers.Ranked.Select(r => Candidate(r.Worker, r.Score)).ToValueList(),
            Refused = workers.Refused.Take(MostRefused).Select(r => new RefusedWorker(r.Worker, r.Rule.Word(), r.Why)).ToValueList(),
            Refusals = workers.Refusals.Select(r => new RefusalCount(r.Key.Word(), r.Value)).ToValueList(),
        };
    }

    private static string Words(FailureMemory failures) =>
        $"{failures.InARow} in a row, the last on {failures.Worker} at {failures.Last:HH:mm:ss}: {failures.What}";

    private static Candidate Candidate(string worker, Score score) =>
        new(worker, Math.Round(score.Total, 2), score.Here, Math.Round(score.Load, 3), score.Preference, score.HasImage, score.Failing);
}
