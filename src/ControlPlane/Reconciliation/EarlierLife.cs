using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>
/// A record that came from a backup, or is new beside containers of the same name, does not know what runs. Nothing is begun before the
/// workers that may know have told; then what fits goes on.
/// </summary>
internal static class EarlierLife
{
    public static Plan Decide(Situation now)
    {
        if (now.Record.ToBeHeard.Count == 0) return Reconciler.Reconcile(now);
        var silent = Silent(now);
        if (silent.Count == 0) return Reconciler.Reconcile(now with { Record = TakeUp(now) with { ToBeHeard = [] } });
        return new Plan
        {
            Record = now.Record,
            Waiting = silent.Select(worker => $"{worker} may have instances of {now.Record.Name}, and has not told yet what it has")
                .ToValueList(),
            LookAgainAt = now.Now + StepsDue.RollCallAfter,
        };
    }

    /// <summary>
    /// Those that must still be heard: a lost one has been replaced, whatever it has. What is withdrawn waits for nobody.
    /// </summary>
    private static ValueList<string> Silent(Situation now)
    {
        if (now.Record.Withdrawn) return [];
        var living = now.Workers.Where(worker => worker.Health != WorkerHealth.Lost).Select(worker => worker.Name).ToHashSet();
        return now.Record.ToBeHeard.Where(worker => living.Contains(worker) && !now.Observed.HasHeard(worker)).ToValueList();
    }

    /// <summary>
    /// A record that knows no instance yet takes over those that were made from its very spec, under the number that they bear. The others
    /// are ended, and what is new has a number above all that are there. Of a job's run nobody knows how far it had come: it begins anew.
    /// </summary>
    private static ServiceRecord TakeUp(Situation now)
    {
        var record = now.Record;
        if (record is not { Withdrawn: false, Instances.Count: 0, Slots.Count: 0, Revisions: [var created] }) return record;
        var found = Found(now);
        if (found.Count == 0) return record;
        var fingerprint = Fingerprint.Of(record.Spec.Container);
        // Of one number all were made from one spec, unless two stores have counted: then none of them is trusted.
        var fitting = found.Where(it => it.Name.Run == 0 && record.Job is null).GroupBy(it => it.Name.Revision)
            .Where(all => all.All(it => it.Seen.Report.Fingerprint == fingerprint)).MaxBy(all => all.Count());
        var highest = found.Max(it => it.Name.Revision);
        var number = fitting?.Key ?? highest + 1;
        var taken = Taken(fitting ?? Enumerable.Empty<(InstanceName, Observed)>(), record.Spec);
        var what = $"{taken.Count} of {found.Count} instances that were there were made from this spec and go on, as revision {number}";
        return (record with
        {
            Revision = number,
            LastRevision = Math.Max(number, highest),
            FirstRevision = number,
            Revisions = [created with { Number = number }],
            Job = record.Job is not { } job ? null : job with { Runs = job.Runs.Select(it => it with { Revision = number }).ToValueList() },
            Instances = taken.Select(it => InstanceRecord.Of(
                it.Name, it.Seen.Worker, "was there before the service's record", now.Now, record.Epoch)).ToValueList(),
            Slots = taken.Select(it => new SlotRecord
            {
                Number = it.Name.Slot, Revision = number, Attempt = it.Name.Attempt,
                Worker = record.Spec.Mode == ServiceMode.Global ? it.Seen.Worker : null,
            }).ToValueList(),
        }).WithHistory(new HistoryEvent(now.Now, HistoryKind.Move, what, null, number));
    }

    private static List<(InstanceName Name, Observed Seen)> Found(Situation now)
    {
        List<(InstanceName, Observed)> found = [];
        foreach (var seen in now.Observed.Entries)
        {
            var isLive = seen is { Gone: false, IsLive: true, Report.Phase: Phase.Starting or Phase.Running };
            if (isLive && InstanceName.TryParse(seen.Report.Instance, out var name) && name.Service == now.Record.Name)
                found.Add((name, seen));
        }

        return found;
    }

    /// <summary>One in each slot, the one that serves best, and no more than are wanted; in a global service one on each worker.</summary>
    private static List<(InstanceName Name, Observed Seen)> Taken(IEnumerable<(InstanceName Name, Observed Seen)> fitting, ServiceSpec spec)
    {
        var best = fitting.OrderByDescending(it => it.Seen.IsReady).ThenByDescending(it => it.Name.Attempt)
            .ThenBy(it => it.Seen.Report.Instance, StringComparer.Ordinal)
            .DistinctBy(it => it.Name.Slot);
        if (spec.Mode == ServiceMode.Global) best = best.DistinctBy(it => it.Seen.Worker);
        return [.. best.OrderBy(it => it.Name.Slot).Take(spec.Mode == ServiceMode.Global ? int.MaxValue : spec.Instances)];
    }
}
