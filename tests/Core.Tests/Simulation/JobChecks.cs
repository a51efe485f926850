using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Core.Tests.Simulation;

/// <summary>What must hold of every decision about a job, by what its containers did and not by what the record says of them.</summary>
internal sealed class JobChecks(Action<string, string> broken)
{
    /// <summary>By slot of a run the instances that ended well in it, as their workers told.</summary>
    private readonly Dictionary<(int Revision, int Run, int Slot), string> completed = [];

    /// <summary>By slot of a run the instances that failed in it.</summary>
    private readonly Dictionary<(int Revision, int Run, int Slot), HashSet<string>> failed = [];

    /// <summary>The name's numbers begin anew.</summary>
    public void Forget()
    {
        completed.Clear();
        failed.Clear();
    }

    public void Check(Situation before, ServiceRecord after)
    {
        if (before.Record.Job is null || after.Job is not { } job) return;
        foreach (var it in before.Record.Instances.Where(it => it is { RunNumber: > 0, Intent: Intent.Run })) Note(before, it);
        var fresh = after.Instances.Where(it => it.RunNumber > 0 && before.Record.Instances.All(o => o.Name != it.Name)).ToList();
        foreach (var it in fresh) CheckBegun(after, it);
        foreach (var run in fresh.Where(it => it.Intent == Intent.Run).Select(it => it.RunNumber).Distinct())
            CheckAtATime(before, after, run);
        foreach (var (slot, instance) in completed.Where(
            it => job.Open.Any(run => (run.Number, run.Revision) == (it.Key.Run, it.Key.Revision))))
        {
            if (after.Slots.All(it => (it.Run, it.Number) != (slot.Run, slot.Slot) || !it.IsFinished))
                broken("what has done its work has completed", $"{instance}: slot {slot.Slot} of run {slot.Run} is to be done");
        }

        if (job.Ended.Count > after.Spec.Job.Kept()) broken("no more ended instances are remembered than are kept", $"{job.Ended.Count}");
    }

    private void Note(Situation before, InstanceRecord it)
    {
        if (before.Observed.Find(it.Name) is not { } seen || seen.Worker != it.Worker) return;
        var slot = (it.Revision, it.RunNumber, it.Slot);
        var report = seen.Report;
        if (seen.IsLive ? report is { Phase: Phase.Running, Health: InstanceHealth.Unhealthy }
            : report.Cause.IsOwn() && report.ExitCode != 0)
        {
            if (!failed.TryGetValue(slot, out var names)) failed[slot] = names = [];
            names.Add(it.Name);
        }
        else if (!seen.IsLive && report is { ExitCode: 0, Cause: null or EndCause.Program }) completed[slot] = it.Name;
    }

    private void CheckBegun(ServiceRecord after, InstanceRecord it)
    {
        var slot = (it.Revision, it.RunNumber, it.Slot);
        if (completed.TryGetValue(slot, out var done))
            broken("a slot that has completed is not begun again in its run", $"{it.Name} after {done}");
        if (failed.TryGetValue(slot, out var names) && names.Count >= after.Spec.Job.Tries())
            broken("no slot is tried more often than attempts says", $"{it.Name} after {string.Join(", ", names)}");
        if (after.Job!.Open.All(run => run.Number != it.RunNumber)) broken("only a run that goes on begins anything", it.Name);
    }

    /// <summary>What lives, wanted or not, as far as is known: whoever returns from a lost worker is not known before.</summary>
    private void CheckAtATime(Situation before, ServiceRecord after, int run)
    {
        var heard = before.Workers.Where(it => it.Health != WorkerHealth.Lost).Select(it => it.Name).ToHashSet();
        var reported = before.Observed.All
            .Where(it => it.IsLive && heard.Contains(it.Worker)
                && InstanceName.TryParse(it.Report.Instance, out var name) && name.Run == run
                && after.Slots.Any(slot => slot.Run == run && slot.Number == name.Slot))
            .Select(it => InstanceName.TryParse(it.Report.Instance, out var name) ? name.Slot : 0);
        var decided = after.Instances.Where(it => it.RunNumber == run && after.Slots.Any(s => s.Number == it.Slot && s.Run == run))
            .Select(it => it.Slot);
        var live = reported.Concat(decided).Distinct().Count();
        if (live > after.Spec.Job.AtATime())
            broken("never more of a run at a time than its parallelism",
                $"{live} of run {run}: {string.Join(", ", after.Instances.Select(it => it.Name))}");
    }
}
