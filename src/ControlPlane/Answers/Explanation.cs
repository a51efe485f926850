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
        var plan = Reconciler.Reconcile(situation);
        var record = plan.Record;
        var draft = new Draft(situation with { Record = record });
        var (order, why) = Succession.Of(record.Spec);
        var page = draft.Slots.Where(s => s.Record is not null && s.Number >= from).Take(SlotsPerPage + 1).ToList();
        return new ServiceExplanation
        {
            Name = record.Name,
            Revision = record.Revision,
            UpdateOrder = $"{Kebab(order.ToString())}{(why is null ? "" : $": {why}")}",
            Rollout = plan.Rollout,
            LastRollout = record.LastRollout,
            Slots = page.Take(SlotsPerPage).Select(s => Slot(draft, s, plan)).ToValueList(),
            Next = page.Count > SlotsPerPage ? page[^1].Number : null,
        };
    }

    public static ServiceHistory History(ServiceRecord record) => new()
    {
        Name = record.Name,
        Revisions = record.Revisions.Where(r => r.Number >= record.FirstRevision).Select(r => new RevisionView(r.Number, r.Number == record.Revision, r.Who, r.When, r.Why, r.Spec)).ToValueList(),
        Events = record.History,
    };

    /// <summary>What keeps a draining worker from being empty of this service: each instance that is still there, and what it waits for.</summary>
    public static ValueList<string> Holding(ServiceRecord record, Plan plan, string worker) =>
        record.Instances.Where(i => i.Worker == worker)
            .Select(i => $"{i.Name}: {plan.WaitingBySlot.GetValueOrDefault(i.Slot) ?? (i.Intent == Intent.Stop ? "is stopping" : "its successor starts")}")
            .ToValueList();

    private static SlotExplanation Slot(Draft draft, SlotWork slot, Plan plan)
    {
        var item = slot.Latest;
        var placer = draft.PlacerOf(slot.Record!.Revision);
        var (ranked, refused) = placer.Survey(item is null ? -1 : draft.Fleet.IndexOf(item.Record.Worker), MostCandidates);
        return new SlotExplanation
        {
            Slot = slot.Number,
            Instance = item?.Record.Name,
            Worker = item?.Record.Worker,
            Phase = item is null ? null : item.Seen?.Report.Phase ?? Phase.Placed,
            DecidedAt = item?.Record.DecidedAt,
            Reason = item?.Record.Reason,
            Waiting = plan.WaitingBySlot.GetValueOrDefault(slot.Number),
            Failures = slot.Record.Failures is { } failures ? $"{failures.InARow} in a row, the last on {failures.Worker} at {failures.Last:HH:mm:ss}: {failures.What}" : null,
            Candidates = ranked
                .Select(r => new Candidate(draft.Fleet.Workers[r.Worker].Name, Math.Round(r.Score.Total, 2), r.Score.Here, Math.Round(r.Score.Load, 3), r.Score.Preference, r.Score.HasImage, r.Score.Failing)).ToValueList(),
            Refused = refused.Take(MostRefused)
                .Select(r => new RefusedWorker(draft.Fleet.Workers[r.Worker].Name, Kebab(r.Rule.ToString()), placer.Words(r.Rule, r.Worker))).ToValueList(),
            Refusals = refused.CountBy(r => r.Rule).OrderBy(c => c.Key).Select(c => new RefusalCount(Kebab(c.Key.ToString()), c.Value)).ToValueList(),
        };
    }

    private static string Kebab(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);
}
