using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Tests.Simulation;

/// <summary>What the ServiceMaster does around the core: load with a new epoch, decide, save by compare-and-set, send; crash after any save.</summary>
internal sealed class SimulatedMaster(SimulatedCluster cluster)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string, Type), DateTimeOffset> sent = [];
    private ServiceRecord? record;
    private int version;
    private bool loaded;
    private bool dead;
    private Observations observed = Observations.None;
    private DateTimeOffset since;
    private DateTimeOffset? wakeAt;
    private DateTimeOffset rollCalledAt;

    public Plan? Plan { get; private set; }

    public void Change(ServiceChange change)
    {
        if (!Load()) return;
        var result = ServiceChanges.Apply(record, "web", change, cluster.Now);
        if (result.Outcome == ServiceOutcome.Done) Turn(result.Record!);
    }

    public bool Report(ServiceReport report)
    {
        if (!Load() || record is null) return !dead;
        observed = observed.With(report);
        return Turn(record);
    }

    public void Refused(OrderRefused refused)
    {
        if (!Load() || record is null) return;
        if (refused.Answer.Refusal == Refusal.StaleEpoch) loaded = false;
        else Turn(record.WithRefusal(refused, observed, cluster.Now));
    }

    public void LookAgain()
    {
        if (Load() && record is not null) Turn(record);
    }

    private bool Load()
    {
        if (dead) return false;
        if (loaded) return true;
        (record, version) = cluster.Load();
        (observed, since, Plan) = (Observations.None, cluster.Now, null);
        sent.Clear();
        if (record is not null)
        {
            record = record.NextEpoch();
            if (!cluster.Save(record, ref version)) return false;
        }

        return loaded = true;
    }

    private bool Turn(ServiceRecord from)
    {
        cluster.Turns++;
        var situation = new Situation { Record = from, Workers = cluster.WorkersNow(), Observed = observed, Since = since, Now = cluster.Now };
        var plan = Reconciler.Reconcile(situation);
        if (!ReferenceEquals(plan.Record, record))
        {
            if (!cluster.Save(plan.Record, ref version))
            {
                loaded = false;
                return false;
            }

            // Only what was saved has been decided.
            cluster.Check(situation, plan);
            record = plan.Record;
            if (cluster.Happens(cluster.Faults.CrashAfterSave))
            {
                dead = true;
                cluster.MoveMaster();
                return false;
            }
        }

        Plan = plan;
        foreach (var step in plan.Steps)
        {
            var key = (step.Instance, step.GetType());
            if (sent.TryGetValue(key, out var last) && cluster.Now - last < RepeatAfter) continue;
            sent[key] = cluster.Now;
            cluster.Order(step.ToOrder("web", plan.Record.Epoch), step.Worker, this);
        }

        if (sent.Count > 1000) sent.Clear();
        if (record!.Instances.Any(i => !observed.HasHeard(i.Worker)) && cluster.Now - rollCalledAt >= TimeSpan.FromSeconds(2))
        {
            rollCalledAt = cluster.Now;
            foreach (var worker in cluster.Workers) cluster.Send(worker.TellAll);
        }

        if (plan.WaitsForRoom) cluster.WaitForRoom();
        WakeAt(plan.LookAgainAt);
        return true;
    }

    private void WakeAt(DateTimeOffset? at)
    {
        if (at is not { } next || wakeAt is { } planned && planned > cluster.Now && planned <= next) return;
        wakeAt = next;
        cluster.After(next > cluster.Now ? next - cluster.Now : TimeSpan.FromMilliseconds(1), () =>
        {
            if (wakeAt != next) return;
            wakeAt = null;
            LookAgain();
        });
    }
}
