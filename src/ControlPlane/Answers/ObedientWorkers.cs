using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Workers that do at once what they are told: how a dry run learns what would be observed.</summary>
internal sealed class ObedientWorkers(ValueList<Worker> workers, Observations observed, string service)
{
    private readonly HashSet<string> reachable =
        workers.Where(w => w.Health is WorkerHealth.Ready or WorkerHealth.Suspect).Select(w => w.Name).ToHashSet(StringComparer.Ordinal);

    private long sequence = long.MaxValue / 2;

    public Observations Observed { get; private set; } = observed;

    /// <summary>Carries the steps out and lets what is on its way get there; tells what happened, or none when nothing did.</summary>
    public string? Carry(ValueList<Step> steps, DateTimeOffset now)
    {
        List<string> happened = [.. steps.Where(step => reachable.Contains(step.Worker)).Select(step => Carry(step, now))];
        var onTheWay = Observed.All
            .Where(seen => seen is { IsLive: true, IsReady: false, Report.Phase: not Phase.Prepared }
                && seen.Report.Health != InstanceHealth.Unhealthy
                && (seen.Report.Phase == Phase.Stopping || seen.Report.Readiness != InstanceHealth.Unhealthy))
            .OrderBy(seen => seen.Report.Instance, StringComparer.Ordinal).ToList();
        happened.AddRange(onTheWay.Select(seen => Arrive(seen, now)));
        return happened.Count switch
        {
            0 => null,
            <= 3 => string.Join(", ", happened),
            _ => $"{happened[0]}, {happened[1]} and {happened.Count - 2} more",
        };
    }

    private string Carry(Step step, DateTimeOffset now)
    {
        var known = Observed.Find(step.Instance)?.Report ?? new InstanceReport { Instance = step.Instance, Phase = Phase.Placed };
        return step switch
        {
            Prepare => Prepared(step.Worker, known with { Phase = Phase.Prepared }),
            Run run => Serves(step.Worker, known with { Phase = Phase.Running, StartedAt = now, Fingerprint = run.Fingerprint }),
            Stop => Ended(step.Worker, known with { Phase = Phase.Exited, EndedAt = now, Message = step.Reason }),
            _ => Forgotten(step.Worker, step.Instance),
        };
    }

    private string Arrive(Observed seen, DateTimeOffset now)
    {
        var report = seen.Report;
        if (report.Phase == Phase.Placed) return Prepared(seen.Worker, report with { Phase = Phase.Prepared });
        if (report.Phase == Phase.Stopping) return Ended(seen.Worker, report with { Phase = Phase.Exited, EndedAt = now });
        var readiness = report.Readiness is { } told ? Well(told) : (InstanceHealth?)null;
        return Serves(seen.Worker, report with { Phase = Phase.Running, Health = Well(report.Health), Readiness = readiness });
    }

    private static InstanceHealth Well(InstanceHealth health) => health == InstanceHealth.Starting ? InstanceHealth.Healthy : health;

    private string Serves(string worker, InstanceReport report)
    {
        Tell(Report(worker) with { Instances = [report] });
        return $"{report.Instance} serves";
    }

    private string Prepared(string worker, InstanceReport report)
    {
        Tell(Report(worker) with { Instances = [report] });
        return $"{report.Instance} is ready to start";
    }

    private string Ended(string worker, InstanceReport report)
    {
        Tell(Report(worker) with { Instances = [report] });
        return $"{report.Instance} has ended";
    }

    private string Forgotten(string worker, string instance)
    {
        Tell(Report(worker) with { Gone = [instance] });
        return $"{instance} is forgotten";
    }

    private ServiceReport Report(string worker) => new() { Worker = worker, Service = service, Sequence = ++sequence, Complete = false };

    private void Tell(ServiceReport report) => Observed = Observed.With(report);
}
