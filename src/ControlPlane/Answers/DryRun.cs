using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>
/// What would happen: the real reconciler decides, workers that do at once what they are told carry it out, time jumps to where the plan says.
/// In an unchanged cluster the real run takes the same steps.
/// </summary>
internal static class DryRun
{
    public const int MostSteps = 500;

    /// <summary>A dry run is a turn of the service's actor as well and may not take long: of a big service fewer steps are looked at.</summary>
    private const int MostSlotsSeen = 200_000;

    /// <summary>The steps a change would cause; the change must have been accepted by <see cref="ServiceChanges.Apply"/>, <paramref name="before"/> is the record before it.</summary>
    public static PlanView Of(ServiceRecord? before, Situation after) => Simulate(before?.History.Count > 0 ? before.History[^1] : null, after).Plan;

    /// <summary>The steps that draining a worker would cause for this service, when those asked before have taken what they need.</summary>
    public static DrainPlan OfDrain(Situation situation, DrainQuestion question)
    {
        Worker Then(Worker worker) => question.Taken.Where(taken => taken.Worker == worker.Name)
            .Aggregate(worker with { Draining = worker.Draining || worker.Name == question.Worker }, (seen, taken) => seen.Expecting(taken.Reserve, taken.HostPorts.AsSpan()));

        var (plan, runs) = Simulate(
            situation.Record.History.Count > 0 ? situation.Record.History[^1] : null, situation with { Workers = situation.Workers.Select(Then).ToValueList() });
        return new DrainPlan(plan, runs.Select(run => new TakenRoom(
            run.Worker, run.Container.Resources.Reserve, run.Container.Ports.Where(port => port.Host is not null).Select(port => port.Host!.Value).ToValueList())).ToValueList());
    }

    private static (PlanView Plan, IEnumerable<Run> Runs) Simulate(HistoryEvent? lastKnown, Situation situation)
    {
        List<PlanStepView> steps = [];
        HashSet<Step> seen = [];
        var workers = new ObedientWorkers(situation.Observed, situation.Record.Name);
        string? after = null;
        var (start, now) = (situation.Now, situation.Now);
        ValueList<string> waiting = [];
        var turns = MostSlotsSeen / Math.Max(100, Math.Max(situation.Record.Wanted, situation.Record.Slots.Count));
        for (var turn = 0; turn < turns && steps.Count < MostSteps; turn++)
        {
            var plan = Reconciler.Reconcile(situation with { Observed = workers.Observed, Now = now });
            var idle = plan.Steps.Count == 0 && ReferenceEquals(plan.Record, situation.Record);
            situation = situation with { Record = plan.Record };
            waiting = plan.Waiting;
            lastKnown = Note(plan.Record, lastKnown, steps);
            foreach (var step in plan.Steps)
            {
                if (seen.Add(step)) steps.Add(new PlanStepView(step.GetType().Name.ToLowerInvariant(), step.Instance, step.Worker, step.Reason, after));
            }

            if (workers.Carry(plan.Steps, situation.Workers, now) is { } happened)
            {
                after = happened;
                continue;
            }

            if (NextLook(plan, now, idle) is not { } next) return (new PlanView(steps.ToValueList(), waiting), seen.OfType<Run>());
            now = next;
            after = $"{Durations.Format(TimeSpan.FromSeconds(Math.Round((now - start).TotalSeconds, 1)))} after the beginning";
        }

        return (new PlanView(steps.ToValueList(), [.. waiting, $"only the first {steps.Count} steps are shown"]), seen.OfType<Run>());
    }

    /// <summary>
    /// When only time moves on: the moment to jump to, or none for a service that will stay as it is. Room does not come by itself here, nor does news
    /// of workers that have not been heard: what nothing came of is not looked for again.
    /// </summary>
    private static DateTimeOffset? NextLook(Plan plan, DateTimeOffset now, bool idle)
    {
        var goesOn = plan.Record.Rollout is { Paused: null } || plan.Record.Rollout is null && plan.Record.Rebalance is not null;
        var next = plan.WaitsForRoom || idle ? Due(plan.Record).Where(at => at > now).Min() : plan.LookAgainAt;
        if (!goesOn || next is null || next - now > TimeSpan.FromDays(2)) return null;
        return next > now ? next : now + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>When something in the record is over by itself.</summary>
    private static IEnumerable<DateTimeOffset?> Due(ServiceRecord record) =>
    [
        record.Rollout?.NextBatchAt, .. record.Rollout?.Batch.Select(member => member.Until) ?? [],
        .. record.Slots.Select(slot => slot.Failures?.NotBefore), .. record.Exclusions.Select(exclusion => (DateTimeOffset?)exclusion.Until),
    ];

    /// <summary>Decisions that are no orders, from the history the turn wrote.</summary>
    private static HistoryEvent? Note(ServiceRecord record, HistoryEvent? lastKnown, List<PlanStepView> steps)
    {
        var from = record.History.Count - 1;
        while (from >= 0 && !ReferenceEquals(record.History[from], lastKnown)) from--;
        for (var at = from + 1; at < record.History.Count; at++)
        {
            if (record.History[at].Kind is HistoryKind.Restart or HistoryKind.Lost) continue;
            steps.Add(new PlanStepView(record.History[at].Kind.ToString().ToLowerInvariant(), "", "", record.History[at].What));
        }

        return record.History.Count > 0 ? record.History[^1] : null;
    }

    private sealed class ObedientWorkers(Observations observed, string service)
    {
        private long sequence = long.MaxValue / 2;

        public Observations Observed { get; private set; } = observed;

        /// <summary>Carries the steps out and lets what is starting run; tells what happened, or none when nothing did.</summary>
        public string? Carry(ValueList<Step> steps, ValueList<Worker> workers, DateTimeOffset now)
        {
            List<string> happened = [];
            foreach (var step in steps)
            {
                if (workers.FirstOrDefault(w => w.Name == step.Worker) is not { Health: WorkerHealth.Ready or WorkerHealth.Suspect }) continue;
                var known = Observed.Find(step.Instance)?.Report ?? new InstanceReport { Instance = step.Instance, Phase = Phase.Placed };
                switch (step)
                {
                    case Run:
                        Tell(step.Worker, known with { Phase = Phase.Running, StartedAt = now });
                        happened.Add($"{step.Instance} serves");
                        break;
                    case Stop:
                        Tell(step.Worker, known with { Phase = Phase.Exited, EndedAt = now, Message = step.Reason });
                        happened.Add($"{step.Instance} has ended");
                        break;
                    default:
                        Observed = Observed.With(new ServiceReport { Worker = step.Worker, Service = service, Sequence = ++sequence, Complete = false, Gone = [step.Instance] });
                        happened.Add($"{step.Instance} is forgotten");
                        break;
                }
            }

            foreach (var seen in Observed.All.Where(o => o is { IsLive: true, IsReady: false } && o.Report.Health != InstanceHealth.Unhealthy).OrderBy(o => o.Report.Instance, StringComparer.Ordinal).ToList())
            {
                Tell(seen.Worker, seen.Report.Phase == Phase.Stopping
                    ? seen.Report with { Phase = Phase.Exited, EndedAt = now }
                    : seen.Report with { Phase = Phase.Running, Health = seen.Report.Health == InstanceHealth.Starting ? InstanceHealth.Healthy : seen.Report.Health });
                happened.Add($"{seen.Report.Instance} {(seen.Report.Phase == Phase.Stopping ? "has ended" : "serves")}");
            }

            return happened.Count switch { 0 => null, <= 3 => string.Join(", ", happened), _ => $"{happened[0]}, {happened[1]} and {happened.Count - 2} more" };
        }

        private void Tell(string worker, InstanceReport report) =>
            Observed = Observed.With(new ServiceReport { Worker = worker, Service = service, Sequence = ++sequence, Complete = false, Instances = [report] });
    }
}
