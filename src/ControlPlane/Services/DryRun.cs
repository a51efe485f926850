using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;

namespace Orchestrator.ControlPlane.Services;

/// <summary>
/// What would happen: the real reconciler decides, workers that do at once what they are told carry it out, time jumps to where the plan says.
/// In an unchanged cluster the real run takes the same steps.
/// </summary>
internal static class DryRun
{
    public const int MostSteps = 500;
    private const int MostTurns = 5_000;

    /// <summary>The steps a change would cause; the change must have been accepted by <see cref="ServiceChanges.Apply"/>, <paramref name="before"/> is the record before it.</summary>
    public static PlanView Of(ServiceRecord? before, Situation after) => Simulate(before?.History.Count > 0 ? before.History[^1] : null, after);

    /// <summary>The steps that draining a worker would cause for this service.</summary>
    public static PlanView OfDrain(Situation situation, string worker) =>
        Simulate(situation.Record.History.Count > 0 ? situation.Record.History[^1] : null,
            situation with { Workers = situation.Workers.Select(w => w.Name == worker ? w with { Draining = true } : w).ToValueList() });

    private static PlanView Simulate(HistoryEvent? lastKnown, Situation situation)
    {
        List<PlanStepView> steps = [];
        HashSet<Step> seen = [];
        var workers = new ObedientWorkers(situation.Observed, situation.Record.Name);
        string? after = null;
        var (start, now) = (situation.Now, situation.Now);
        ValueList<string> waiting = [];
        for (var turn = 0; turn < MostTurns && steps.Count < MostSteps; turn++)
        {
            var plan = Reconciler.Reconcile(situation with { Observed = workers.Observed, Now = now });
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

            // Nothing moves any more but time; a service that only waits for room or a restart is where it will stay.
            if (plan.LookAgainAt is not { } next || plan.Record.Rollout is null && plan.Record.Rebalance is null || plan.Record.Rollout?.Paused is not null || next - now > TimeSpan.FromDays(2)) break;
            now = next > now ? next : now + TimeSpan.FromMilliseconds(1);
            after = $"{Durations.Format(TimeSpan.FromSeconds(Math.Round((now - start).TotalSeconds, 1)))} after the beginning";
        }

        if (steps.Count >= MostSteps) waiting = [.. waiting, $"only the first {MostSteps} steps are shown"];
        return new PlanView(steps.ToValueList(), waiting);
    }

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
                        Tell(step.Worker, known with { Phase = Phase.Exited, EndedAt = now });
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
