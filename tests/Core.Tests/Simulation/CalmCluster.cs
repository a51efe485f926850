using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Simulation;

/// <summary>
/// One service on workers that do at once what they are told, for examples that read like a story. Faults are put in by hand.
/// </summary>
internal sealed class CalmCluster
{
    private readonly Dictionary<(string Worker, string Instance), InstanceReport> containers = [];
    private readonly Dictionary<string, OrderRefused> unanswered = [];
    private long sequence;

    public CalmCluster(params string[] workers) => Workers = [.. workers.Select(NewWorker)];

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;

    public DateTimeOffset Since { get; private set; } = Start;

    public List<Worker> Workers { get; }

    public ServiceRecord? Record { get; set; }

    public Observations Observed { get; private set; } = Observations.None;

    public Plan? Last { get; private set; }

    public Situation Situation =>
        new()
        {
            Record = Record!, Workers = Workers.ToValueList(), Observed = Observed, Since = Since, Now = Now, Unanswered = unanswered,
        };

    /// <summary>Workers whom no order reaches.</summary>
    public HashSet<string> Deaf { get; } = [];

    /// <summary>Every step in the order of sending: <c>run web-1-r1-a1 on a</c>.</summary>
    public List<string> Orders { get; } = [];

    /// <summary>How a container of an image behaves; none is a healthy one.</summary>
    public Dictionary<string, InstanceReport> Behaviours { get; } = [];

    /// <summary>What becomes of a container of an image that cannot be made ready; none is made ready at once.</summary>
    public Dictionary<string, Func<InstanceReport, InstanceReport>> Unpreparable { get; } = [];

    /// <summary>The most instances that were live at a moment, and the fewest ready ones, since the last reset.</summary>
    public int MostLive { get; private set; }

    public int FewestReady { get; private set; } = int.MaxValue;

    public IEnumerable<string> Live =>
        containers.Where(c => c.Value.Phase is not (Phase.Placed or Phase.Prepared or Phase.Exited))
        .Select(c => $"{c.Key.Instance} on {c.Key.Worker}")
        .Order(StringComparer.Ordinal);

    /// <summary>Template of a report: it runs, and its probe has not found it healthy yet.</summary>
    public static InstanceReport Unready { get; } = new() { Instance = "", Phase = Phase.Running, Health = InstanceHealth.Starting };

    /// <summary>A cluster in which the service runs and all is quiet; what was ordered and counted until then is forgotten.</summary>
    public static CalmCluster Running(ServiceSpec spec, params string[] workers)
    {
        var cluster = new CalmCluster(workers);
        cluster.Create(spec);
        cluster.Settle();
        cluster.Prove();
        cluster.Orders.Clear();
        cluster.ResetCounts();
        return cluster;
    }

    /// <summary>As if all its revisions had served long enough.</summary>
    public void Prove() => Record = Record! with { Revisions = Record.Revisions.Select(r => r with { Proven = true }).ToValueList() };

    public static Worker NewWorker(string name) => new()
    {
        Name = name, Address = "10.0.0.1", Capacity = new WorkerCapacity(8, ByteSize.Mi(8192)), ReportedAt = Start,
    };

    public ChangeResult Ask(ServiceChange change)
    {
        var result = ServiceChanges.Apply(Record, "web", change, Now);
        Record = result.Record;
        return result;
    }

    public void Change(ServiceChange change)
    {
        var result = Ask(change);
        Assert.Equal((ServiceOutcome.Done, ""), (result.Outcome, string.Join("; ", result.Problems)));
    }

    public void Create(ServiceSpec spec) => Change(new CreateService(spec));

    public void Set(string json) =>
        Change(new UpdateService((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(json)!));

    public void Edit(string worker, Func<Worker, Worker> edit)
    {
        var at = Workers.FindIndex(w => w.Name == worker);
        Workers[at] = edit(Workers[at]);
    }

    /// <summary>Where an instance is decided to be.</summary>
    public string WorkerOf(string instance) => Record!.Instances.Single(i => i.Name == instance).Worker;

    /// <summary>Decides once, without carrying anything out.</summary>
    public Plan Decide()
    {
        Last = Reconciler.Reconcile(Situation);
        Record = Last.Record;
        return Last;
    }

    /// <summary>Decides and carries out once; true when there was something to do.</summary>
    public bool Step()
    {
        var plan = Decide();
        if (plan.Steps.Count == 0) return false;
        foreach (var step in plan.Steps) Carry(step);
        MostLive = Math.Max(MostLive, Live.Count());
        FewestReady = Math.Min(FewestReady, Observed.All.Count(o => o.IsReady));
        return true;
    }

    /// <summary>Decides and carries out, without letting time pass, until nothing is left to do.</summary>
    public CalmCluster Settle()
    {
        for (var turn = 0; turn < 500; turn++)
        {
            if (!Step()) return this;
        }

        throw new InvalidOperationException($"not settled: {string.Join("; ", Last!.Steps)}");
    }

    public CalmCluster Pass(TimeSpan time)
    {
        var end = Now + time;
        Settle();
        for (var looks = 0; Last!.LookAgainAt is { } next && next <= end; looks++)
        {
            if (looks > 5000) throw new InvalidOperationException($"looks again and again at {Now}: {string.Join("; ", Last.Waiting)}");
            Now = next > Now ? next : Now + TimeSpan.FromMilliseconds(1);
            Settle();
        }

        Now = end;
        return Settle();
    }

    /// <summary>Time passes in which nobody decides.</summary>
    public void Idle(TimeSpan time) => Now += time;

    public void ResetCounts() => (MostLive, FewestReady) = (0, int.MaxValue);

    /// <summary>A container ends, by itself when no other cause is given.</summary>
    public void Kill(string instance, int exitCode = 137, string? message = null, EndCause? cause = null, bool ran = true)
    {
        var (key, report) = containers.First(c => c.Key.Instance == instance);
        Tell(key.Worker, report with
        {
            Phase = Phase.Exited, ExitCode = ran ? exitCode : null, Message = message, EndedAt = Now, Cause = cause,
        });
    }

    public void Tell(string worker, InstanceReport report)
    {
        containers[(worker, report.Instance)] = report;
        Observed = Observed.With(
            new ServiceReport { Worker = worker, Service = "web", Sequence = ++sequence, Complete = false, Instances = [report] });
    }

    /// <summary>The ServiceMaster is activated anew: epoch and memory.</summary>
    public void Activate()
    {
        Record = Record!.NextEpoch();
        Observed = Observations.None;
        unanswered.Clear();
        Since = Now;
    }

    /// <summary>A worker tells all it has.</summary>
    /// <param name="ordersSince">See <see cref="ServiceReport.OrdersSince"/>.</param>
    public void Hear(string worker, long? ordersSince = null) => Observed = Observed.With(new ServiceReport
    {
        Worker = worker, Service = "web", Sequence = ++sequence, Complete = true, OrdersSince = ordersSince,
        Instances = containers.Where(c => c.Key.Worker == worker).Select(c => c.Value).ToValueList(),
    });

    private void Carry(Step step)
    {
        Orders.Add($"{step.GetType().Name.ToLowerInvariant()} {step.Instance} on {step.Worker}");
        if (Deaf.Contains(step.Worker))
        {
            unanswered[step.Instance] = new(
                step.Instance, step.Worker, new OrderAnswer { Refusal = Refusal.Unanswered, Reason = "no answer within 3 s" });
            return;
        }

        var known = containers.GetValueOrDefault((step.Worker, step.Instance));
        switch (step)
        {
            case Prepare prepare:
                var prepared = new InstanceReport { Instance = step.Instance, Phase = Phase.Prepared };
                Tell(step.Worker, known ?? (Unpreparable.TryGetValue(prepare.Container.Image, out var how) ? how(prepared) : prepared));
                break;
            case Run run:
                var behaviour = Behaviours.GetValueOrDefault(run.Container.Image)
                    ?? new InstanceReport { Instance = "", Phase = Phase.Running };
                var runs = known is { Phase: not Phase.Prepared } ? known : null;
                Tell(step.Worker, runs ?? behaviour with
                {
                    Instance = step.Instance, StartedAt = Now, ContainerId = "c0ffee", Fingerprint = run.Fingerprint,
                });
                break;
            case Stop when known is not null:
                Tell(step.Worker, known with { Phase = Phase.Exited, ExitCode = known.ExitCode ?? 0, EndedAt = Now });
                break;
            default:
                containers.Remove((step.Worker, step.Instance));
                Observed = Observed.With(
                    new ServiceReport { Worker = step.Worker, Service = "web", Sequence = ++sequence, Complete = false,
                    Gone = [step.Instance] });
                break;
        }
    }
}
