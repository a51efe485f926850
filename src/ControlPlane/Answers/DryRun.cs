using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>
/// What would happen: the real reconciler decides, workers that do at once what they are told carry it out, time jumps to where the plan
/// says. In an unchanged cluster the real run takes the same steps.
/// </summary>
internal sealed class DryRun
{
    public const int MostSteps = 500;

    /// <summary>
    /// A dry run is a turn of the service's actor as well and may not take long: of a big service fewer steps are looked at.
    /// </summary>
    private const int MostSlotsSeen = 200_000;

    private readonly List<PlanStepView> told = [];
    private readonly HashSet<Step> seen = [];
    private readonly ObedientWorkers workers;
    private readonly DateTimeOffset begun;
    private Situation situation;

    /// <summary>The end of the history as far as it has been told.</summary>
    private HistoryEvent? lastTold;

    /// <summary>What the next steps come after, in words; none for the first ones.</summary>
    private string? after;

    private DryRun(HistoryEvent? lastTold, Situation situation)
    {
        this.lastTold = lastTold;
        this.situation = situation;
        begun = situation.Now;
        workers = new ObedientWorkers(situation.Workers, situation.Observed, situation.Record.Name);
    }

    /// <summary>The steps a change would cause.</summary>
    /// <param name="before">The record before the change; none when it creates the service.</param>
    /// <param name="after">With the record that <see cref="ServiceChanges.Apply"/> accepted.</param>
    public static PlanView Of(ServiceRecord? before, Situation after) => new DryRun(LastOf(before), after).Simulate();

    /// <summary>The steps that draining a worker would cause for this service, when those asked before have taken what they need.</summary>
    public static DrainPlan OfDrain(Situation situation, DrainQuestion question)
    {
        var then = situation with { Workers = situation.Workers.Select(worker => Then(worker, question)).ToValueList() };
        var run = new DryRun(LastOf(situation.Record), then);
        return new DrainPlan(run.Simulate(), run.seen.OfType<Run>().Select(Taken).ToValueList());
    }

    private static Worker Then(Worker worker, DrainQuestion question) =>
        question.Taken.Where(taken => taken.Worker == worker.Name).Aggregate(
            worker with { Draining = worker.Draining || worker.Name == question.Worker },
            (fuller, taken) => fuller.Expecting(taken.Reserve, taken.HostPorts.AsSpan()));

    private static TakenRoom Taken(Run run)
    {
        var ports = run.Container.Ports.Select(port => port.Fixed()).OfType<HostPort>();
        return new TakenRoom(run.Worker, run.Container.Resources.Reserve, ports.ToValueList());
    }

    private static HistoryEvent? LastOf(ServiceRecord? record) => record?.History is [.., var last] ? last : null;

    private PlanView Simulate()
    {
        ValueList<string> waiting = [];
        var turns = MostSlotsSeen / Math.Max(100, Math.Max(situation.Record.Wanted, situation.Record.Slots.Count));
        for (var turn = 0; turn < turns && told.Count < MostSteps; turn++)
        {
            var plan = Reconciler.Reconcile(situation);
            var isIdle = plan.Steps.Count == 0 && ReferenceEquals(plan.Record, situation.Record);
            waiting = plan.Waiting;
            Tell(plan);
            var now = situation.Now;
            if (workers.Carry(plan.Steps, now) is { } happened) after = happened;
            else if (NextLook(plan, now, isIdle) is { } next) (now, after) = (next, After(next - begun));
            else return new PlanView(told.ToValueList(), waiting);
            situation = situation with { Record = plan.Record, Observed = workers.Observed, Now = now };
        }

        return new PlanView(told.ToValueList(), [.. waiting, $"only the first {told.Count} steps are shown"]);
    }

    private static string After(TimeSpan time) =>
        $"{Durations.Format(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds, 1)))} after the beginning";

    /// <summary>
    /// When only time moves on: the moment to jump to, or none for a service that will stay as it is. Room does not come by itself here,
    /// nor does news of workers that have not been heard: what nothing came of is not looked for again.
    /// </summary>
    private static DateTimeOffset? NextLook(Plan plan, DateTimeOffset now, bool isIdle)
    {
        var goesOn = plan.Record.Rollout is { Paused: null } || plan.Record.Rollout is null && plan.Record.Rebalance is not null;
        var next = plan.WaitsForRoom || isIdle ? Due(plan.Record).Where(at => at > now).Min() : plan.LookAgainAt;
        if (!goesOn || next is null || next - now > TimeSpan.FromDays(2)) return null;
        return next > now ? next : now + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>When something in the record is over by itself.</summary>
    private static IEnumerable<DateTimeOffset?> Due(ServiceRecord record) =>
    [
        record.Rollout?.NextBatchAt,
        .. record.Rollout?.Batch.Select(member => member.Until) ?? [],
        .. record.Slots.Select(slot => slot.Failures?.NotBefore),
        .. record.Exclusions.Select(exclusion => (DateTimeOffset?)exclusion.Until),
    ];

    /// <summary>
    /// First the decisions that are no steps, from the history the turn wrote; then the steps that have not been told yet.
    /// </summary>
    private void Tell(Plan plan)
    {
        var history = plan.Record.History;
        var from = history.Count - 1;
        while (from >= 0 && !ReferenceEquals(history[from], lastTold)) from--;
        for (var at = from + 1; at < history.Count; at++)
        {
            if (history[at].Kind is HistoryKind.Restart or HistoryKind.Lost) continue;
            told.Add(new PlanStepView(history[at].Kind.ToString().ToLowerInvariant(), "", "", history[at].What));
        }

        lastTold = LastOf(plan.Record);
        foreach (var step in plan.Steps)
        {
            if (!seen.Add(step)) continue;
            told.Add(new PlanStepView(step.GetType().Name.ToLowerInvariant(), step.Instance, step.Worker, step.Reason, after));
        }
    }
}
