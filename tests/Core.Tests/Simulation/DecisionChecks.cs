using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Simulation;

/// <summary>
/// What must hold of every single decision; what does not is told to <paramref name="broken"/> by the name of the property.
/// </summary>
internal sealed class DecisionChecks(Action<string, string> broken)
{
    private readonly HashSet<string> namesEver = new(StringComparer.Ordinal);
    private readonly JobChecks jobs = new(broken);
    private DateTimeOffset? life;

    public static string Short(Step step) => $"{step.GetType().Name} {step.Instance} on {step.Worker}";

    public void Check(Situation before, Plan plan, bool again = true)
    {
        var after = plan.Record;
        // Nothing is decided before everybody who may know has told.
        if (after.ToBeHeard.Count > 0) return;
        if (again) CheckAgain(before, plan);
        foreach (var step in plan.Steps)
        {
            if (before.Workers.First(w => w.Name == step.Worker).Health == WorkerHealth.Lost)
                broken("no order goes to a lost worker", Short(step));
            if (step.Reason.Length == 0) broken("every step says why", Short(step));
        }

        if (LifeOf(before.Record) is { } began && began != life)
        {
            life = began;
            namesEver.Clear();
            // Whoever decided it may have died once it was saved.
            namesEver.UnionWith(before.Record.Instances.Select(it => it.Name));
            jobs.Forget();
        }

        // Nothing was decided.
        if (ReferenceEquals(after, before.Record)) return;
        jobs.Check(before, after);
        var fresh = after.Instances.Where(i => !before.Record.Instances.Any(o => o.Name == i.Name)).ToList();
        foreach (var instance in fresh) CheckNew(before, after, instance);
        CheckRoom(before, after, fresh.Where(f => before.Observed.Find(f.Name) is not { IsLive: true }).ToList());
        foreach (var slot in after.Instances.GroupBy(i => i.Slot))
        {
            var runs = slot.Count(i => i.Intent == Intent.Run);
            var startFirst = Succession.Of(after.Spec).Order == UpdateOrder.StartFirst;
            if (runs > 2 || slot.Count() > 2 && fresh.Any(f => f.Slot == slot.Key))
                broken("at most one successor in a slot", string.Join(",", slot.Select(s => s.Name)));
            var begun = slot.Any(i => i.Intent == Intent.Run
                && !before.Record.Instances.Any(o => o.Name == i.Name && o.Intent == Intent.Run));
            if (!startFirst && begun && slot.Count(i => i.Intent != Intent.Prepare) > 1)
                broken("never two of one slot unless start-first", string.Join(",", slot.Select(s => s.Name)));
            // What came back and is kept is older than its replacement, which ends.
            var newest = fresh.Where(f => f.Slot == slot.Key && f.Intent == Intent.Run).Select(f => f.Attempt).DefaultIfEmpty().Max();
            if (slot.Any(i => i.Intent == Intent.Stop && i.Attempt < newest
                && !(startFirst && slot.Count() == 2 && IsUnhealthy(before, i))))
                broken("no successor while a predecessor still ends", string.Join(",", slot.Select(s => $"{s.Name} {s.Intent}")));
        }

        if (!after.Withdrawn && after.Spec.Mode == ServiceMode.Replicated)
        {
            // What an earlier wish doubled may still be there; what a decision newly doubles is bounded.
            foreach (var (updates, most) in new[] { (true, after.Spec.Update.Parallelism), (false, after.Spec.MaxUnavailable) })
            {
                var doubled = Doubled(after, updates);
                var newly = doubled.Count(n => fresh.Any(f => f.Slot == n));
                // Of those whose successor does not come to run for long once as many may be doubled beside.
                var slow = doubled.Count(n => IsSlow(before, after.Instances.Last(i => i.Slot == n)));
                if (newly > 0 && doubled.Count > Math.Max(most, Doubled(before.Record, updates).Count)
                    && doubled.Count - slow > most) broken(
                    "never more than wanted and the surge",
                    $"{doubled.Count} slots are doubled by {(updates ? "an update" : "moves")}, {newly} of them newly; {most} may be");
            }
        }

        CheckBlame(before, after);
        CheckTakenDown(before, after);
        CheckRollback(before.Record, after);
        foreach (var gone in before.Record.Instances.Where(i => !after.Instances.Any(a => a.Name == i.Name)))
        {
            var worker = before.Workers.FirstOrDefault(w => w.Name == gone.Worker);
            var ended = before.Observed.Find(gone.Name) is { IsLive: false } seen && seen.Worker == gone.Worker;
            if (!ended && worker is { Health: not WorkerHealth.Lost } && !IsUnreached(before, gone))
                broken("nothing is taken for dead before its worker is lost or says so", gone.Name);
        }
    }

    /// <summary>
    /// Its orders got no answer and nothing was heard of it: for long, or, where it may run once only, until it was certain that it has not
    /// begun and will not.
    /// </summary>
    private static bool IsUnreached(Situation before, InstanceRecord gone)
    {
        var isUnanswered = before.Unanswered.TryGetValue(gone.Name, out var order) && order.Worker == gone.Worker
            && !before.Observed.TryFind(gone.Name, out _);
        var mayRunTwice = before.Record.FindRevision(gone.Revision)?.Spec.Container.OnLeaseLost == LeaseLoss.Keep;
        return isUnanswered && (mayRunTwice || gone.Intent == Intent.Prepare
            ? before.Now - gone.DecidedAt >= Unreached.After
            : gone.Heard is { } heard && before.Observed.HasExpired(gone.Name, gone.Worker, heard));
    }

    /// <summary>
    /// A slot remembers a failure, or is given up, only when a program there has ended by itself or was found unhealthy.
    /// </summary>
    private void CheckBlame(Situation before, ServiceRecord after)
    {
        foreach (var slot in after.Slots)
        {
            var known = before.Record.Slots.FirstOrDefault(s => s.Number == slot.Number);
            var isBlamed = (slot.Failures is not null && slot.Failures != known?.Failures)
                || (slot.Ended is not null && slot.Ended != known?.Ended);
            if (!isBlamed) continue;
            if (before.Record.Instances.Any(i => i.Slot == slot.Number && IsToBlame(before, before.Observed.Find(i.Name)))) continue;
            var seen = $"slot {slot.Number}: {slot.Failures?.What} {slot.Ended}";
            broken("nothing is counted against a program that it did not do", seen);
        }
    }

    private static bool IsToBlame(Situation before, Observed? seen) => seen is { Report: { } report }
        && (seen.IsLive ? report.Health == InstanceHealth.Unhealthy
            : report.Cause.IsWorkers() ? !CouldRunElsewhere(before, seen) : report.Cause.IsOwn());

    /// <summary>Another worker could be tried that has not failed yet; of an image at most three are.</summary>
    private static bool CouldRunElsewhere(Situation before, Observed seen)
    {
        // Several may have failed in the same turn.
        var failed = before.Record.Exclusions.Where(e => e.IsFailure && e.Until > before.Now).Select(e => e.Worker)
            .Concat(before.Observed.All.Where(o => !o.IsLive && o.Report.Cause.IsWorkers()).Select(o => o.Worker)).Distinct().ToList();
        if (seen.Report.Cause == EndCause.Image && failed.Count >= 3) return false;
        return before.Workers.Any(w => w is { Health: WorkerHealth.Ready, Draining: false } && !failed.Contains(w.Name)
            && !Forbids(w, RevisionOf(seen, before.Record))
            && before.Record.Spec.Placement.Constraints.All(rule => Constraint.TryParse(rule, out var it, out _) && it.Holds(w)));
    }

    private static RevisionRecord? RevisionOf(Observed seen, ServiceRecord record) =>
        InstanceName.TryParse(seen.Report.Instance, out var name) ? record.FindRevision(name.Revision) : null;

    private static bool Forbids(Worker worker, RevisionRecord? revision) =>
        revision is not null && worker.Policy?.To(Reach.Of(revision.Spec.Container)) is not null;

    /// <summary>The slots in which two are to run, of two revisions by an update and of one by a move.</summary>
    private static List<int> Doubled(ServiceRecord record, bool updates) =>
        record.Instances.Where(i => i.Intent == Intent.Run).GroupBy(i => i.Slot)
            .Where(g => g.Count() > 1 && g.DistinctBy(i => i.Revision).Count() > 1 == updates).Select(g => g.Key).ToList();

    private static bool IsSlow(Situation before, InstanceRecord it) =>
        before.Now - it.DecidedAt >= Fetches.Patience && before.Observed.Find(it.Name) is null or { Report.Phase: < Phase.Running };

    /// <summary>No decision changes the revision but an automatic rollback, and that returns to the last good one.</summary>
    private void CheckRollback(ServiceRecord before, ServiceRecord after)
    {
        if (after.Revision == before.Revision) return;
        var good = before.Rollout is { Undoing: false } failed ? before.FindRevision(failed.From) : null;
        if (after.Revision != good?.Number || SpecChange.NeedsNewContainers(after.Spec, good.Spec)) broken(
            "a rollback ends on the old revision",
            $"revision {before.Revision} became {after.Revision}, the last good one was {good?.Number}");
    }

    private void CheckAgain(Situation before, Plan plan)
    {
        var after = plan.Record;
        var again = Reconciler.Reconcile(before with { Record = after });
        if (!ReferenceEquals(again.Record, after)) broken("a decision is complete", Difference(after, again.Record));
        if (ReferenceEquals(after, before.Record) && !again.Steps.Equals(plan.Steps))
            broken("the same situation gives the same plan", $"{again.Steps} and {plan.Steps}");

        var shuffled = Reconciler.Reconcile(before with { Workers = before.Workers.Reverse().ToValueList() });
        if (shuffled.Record != after || !shuffled.Steps.Equals(plan.Steps) || !shuffled.Waiting.Equals(plan.Waiting))
            broken("the order of the input does not matter", Difference(after, shuffled.Record));
    }

    /// <summary>After a deletion has been forgotten, the name's numbers begin anew, above all its epochs: when; none later on.</summary>
    private static DateTimeOffset? LifeOf(ServiceRecord record) =>
        record is { LastRevision: 1, History: [{ Kind: HistoryKind.Created, At: var at }, ..] } ? at : null;

    private void CheckNew(Situation before, ServiceRecord after, InstanceRecord instance)
    {
        var adopted = before.Observed.Find(instance.Name) is { IsLive: true };
        if (!adopted && !namesEver.Add(instance.Name)) broken("a name is never used twice", instance.Name);
        var worker = before.Workers.First(w => w.Name == instance.Worker);
        if (adopted && worker.Health == WorkerHealth.Lost)
            broken("no order goes to a lost worker", $"{instance.Name} was adopted on {worker.Name}");
        if (adopted) return;
        if (worker.Health != WorkerHealth.Ready)
            broken("nothing new on a worker that is not ready", $"{instance.Name} on {worker.Name} ({worker.Health})");
        if (instance.Intent == Intent.Run && Succession.Of(after.Spec).Order == UpdateOrder.StopFirst
            && LiveIn(instance.Slot, before).FirstOrDefault() is { } other)
            broken("never two of one slot unless start-first", $"{instance.Name} beside {other}");
        if (before.Record.Pins.Any(p => p.Slot == instance.Slot && !p.Released && p.Worker != instance.Worker)
            && after.Pins.Any(p => p.Slot == instance.Slot)
            && after.FindRevision(instance.Revision)!.Spec.Container.Volumes.Any(v => v.Binds())
            && after.Spec.Mode == ServiceMode.Replicated)
            broken("what needs its volume stays with it", $"{instance.Name} on {worker.Name}");
        if (after.Spec.Container.Volumes.Any(v => v.Exclusive) && after.Spec.Mode == ServiceMode.Replicated
            && after.Instances.Count(i => i.Worker == worker.Name && !TakesAPlaceThere(after, i) && !WasHeld(before, i)) > 1)
            broken("an exclusive volume is open once on a worker", $"{instance.Name} on {worker.Name}: {Told(after)}");
        if (Forbids(worker, after.FindRevision(instance.Revision)))
            broken("nothing new that its worker does not allow", $"{instance.Name} on {worker.Name}");
        if (worker.Draining) broken("nothing new on a draining worker", instance.Name);
        // That a worker takes no orders may be found in the pass after something was begun there: then its orders are not answered either.
        if (after.Exclusions.Any(e => e.Worker == worker.Name && e.Until > before.Now
            && (e.Why != Unreached.Reason || before.Record.Exclusions.Contains(e))))
            broken("nothing new on a worker that refused lately", instance.Name);
        foreach (var rule in after.Spec.Placement.Constraints)
        {
            if (Constraint.TryParse(rule, out var constraint, out _) && !constraint.Holds(worker))
                broken("constraints hold for what is new", $"{instance.Name} on {worker.Name}");
        }

        if (after.Spec.Placement.MaxPerWorker is { } most && after.Spec.Mode == ServiceMode.Replicated
            && after.Instances.Count(i => i.Worker == worker.Name && !TakesAPlaceThere(after, i) && !WasHeld(before, i)) > most) broken(
            "never more than maxPerWorker", $"{instance.Name} on {worker.Name}: {Told(before.Record)} became {Told(after)}");
    }

    /// <summary>It waits for the end of another one of its slot there.</summary>
    private static bool TakesAPlaceThere(ServiceRecord record, InstanceRecord it) =>
        it.Intent == Intent.Prepare && record.Instances.Any(i => i != it && i.Slot == it.Slot && i.Worker == it.Worker);

    /// <summary>It was only made ready and is given up.</summary>
    private static bool WasHeld(Situation before, InstanceRecord it) => it.Intent == Intent.Stop
        && (before.Record.Instances.Any(i => i.Name == it.Name && i.Intent == Intent.Prepare)
            || before.Observed.Find(it.Name) is { Report.Phase: Phase.Placed or Phase.Prepared }
            || before.Observed.Find(it.Name) is null && IsBesideItsPredecessor(before.Record, it));

    /// <summary>Given up before anybody saw it: it had only been made ready there.</summary>
    private static bool IsBesideItsPredecessor(ServiceRecord record, InstanceRecord it) =>
        record.Instances.Any(i => i.Slot == it.Slot && i.Worker == it.Worker && i.Revision < it.Revision && i.Intent == Intent.Run);

    /// <summary>What lives in a slot as far as it can be seen.</summary>
    private static IEnumerable<string> LiveIn(int slot, Situation situation) =>
        from seen in situation.Observed.All
        where seen.IsLive && seen.Report.Phase is not (Phase.Placed or Phase.Prepared)
            && InstanceName.TryParse(seen.Report.Instance, out var name) && name.Slot == slot
        where situation.Workers.Any(w => w.Name == seen.Worker && w.Health != WorkerHealth.Lost)
        select seen.Report.Instance;

    private void CheckRoom(Situation before, ServiceRecord after, List<InstanceRecord> fresh)
    {
        foreach (var worker in before.Workers.Where(w => fresh.Any(f => f.Worker == w.Name)))
        {
            // What has just ended is still in the figures, and the placer rightly does not count it.
            if (before.Observed.All.Any(o => o.Worker == worker.Name && !o.IsLive && o.Report.EndedAt > worker.ReportedAt)) continue;
            var there = after.Instances.Where(
                i => i.Worker == worker.Name && i.Intent == Intent.Run
                && (before.Observed.Find(i.Name) is null || i.DecidedAt > worker.ReportedAt)).ToList();
            var reserve = there.Select(i => after.FindRevision(i.Revision)!.Spec.Container.Resources.Reserve)
                .Aggregate(worker.Load.Reserved, (a, b) => a + b);
            if (reserve.Cpu > worker.Capacity.Cpu + 1e-9 || reserve.Memory > worker.Capacity.Memory)
                broken("reservations are never exceeded", $"{worker.Name}: {reserve} of {worker.Capacity}");
            var holders = after.Instances.Where(i => i.Worker == worker.Name && i.Intent != Intent.Prepare && !WasHeld(before, i))
                .SelectMany(i => PortsOf(after, i).Select(port => (Port: port, IsOver: WasToEnd(before, i)))).ToList();
            var own = fresh.Where(i => i.Worker == worker.Name && !TakesAPlaceThere(after, i)).SelectMany(i => PortsOf(after, i));
            // Of two that were to end already nothing is decided: one of them may have been given up before anybody saw it.
            var collide = holders
                .Where((one, at) => holders.Skip(at + 1).Any(it => it.Port.Overlaps(one.Port) && !(it.IsOver && one.IsOver)))
                .Select(it => it.Port)
                .Concat(own.Where(port => worker.HostPorts.Any(port.Overlaps)));
            if (collide.Any())
            {
                broken(
                    "a fixed host port is given once",
                    $"{worker.Name}: {string.Join(", ", collide)}: {Told(before.Record)} became {Told(after)}");
            }
        }
    }

    private static bool WasToEnd(Situation before, InstanceRecord it) =>
        before.Record.Instances.Any(i => i.Name == it.Name && i.Intent == Intent.Stop);

    private static IEnumerable<HostPort> PortsOf(ServiceRecord record, InstanceRecord it) =>
        record.FindRevision(it.Revision)!.Spec.Container.Ports.Select(p => p.Fixed()).OfType<HostPort>();

    private void CheckTakenDown(Situation before, ServiceRecord after)
    {
        bool Serves(ServiceRecord it, int slot) =>
            it.Instances.Any(i => i.Slot == slot && i.Intent == Intent.Run && before.Observed.Find(i.Name) is { IsReady: true } seen
            && seen.Worker == i.Worker && before.Workers.First(w => w.Name == i.Worker).Health != WorkerHealth.Lost);
        var wanted = after.Slots.Where(s => before.Record.Slots.Any(o => o.Number == s.Number && o.Run == s.Run))
            .Select(s => s.Number).ToList();
        var taken = wanted.Where(n => Serves(before.Record, n) && !Serves(after, n)).ToList();
        if (taken.Count == 0 || after.Spec.Mode == ServiceMode.Global && before.Record.Rollout is null) return;
        if (after.Spec.Update.Order == UpdateOrder.StartFirst && taken.Any(n => !after.Slots.First(s => s.Number == n).IsFinished))
            broken("what was asked to start first takes nothing down", $"slots {string.Join(",", taken)}");
        var tooEarly = taken.Where(n => !after.Slots.First(s => s.Number == n).IsFinished
            && !after.Instances.Any(i => i.Slot == n && IsReadyToFollow(before, i))).ToList();
        if (tooEarly.Count > 0) broken("nothing that serves ends before its successor can begin", $"slots {string.Join(",", tooEarly)}");
        var most = after.Spec.Update.Parallelism + after.Spec.MaxUnavailable + 1;
        if (taken.Count > most) broken("an update never takes down more than allowed", $"slots {string.Join(",", taken)}");
        if (after.Rollout is { } rollout && Succession.Of(after.Spec).Order == UpdateOrder.StopFirst)
        {
            var updated = taken.Where(n => after.Instances.Any(i => i.Slot == n && i.Intent == Intent.Prepare && i.Revision == rollout.To)
                && before.Record.Instances.Any(i => i.Slot == n && i.Intent == Intent.Run && i.Revision != rollout.To)).ToList();
            // What was given up or has just been decided does not count.
            var gaps = wanted.Where(n => !taken.Contains(n) && !Serves(after, n) && after.Slots.First(s => s.Number == n) is
                { Ended: null } slot && slot.Revision == rollout.To && after.Instances.Any(i => i.Slot == n && i.Intent == Intent.Run
                    && i.DecidedAt + after.Spec.Update.Deadline > before.Now && before.Record.Instances.Any(o => o.Name == i.Name
                    && o.Intent == Intent.Run))).ToList();
            if (updated.Count > 0 && updated.Count + gaps.Count > after.Spec.Update.Parallelism) broken(
                "an update that stops first leaves no more gaps than it may",
                $"slots {string.Join(",", updated)} beside {string.Join(",", gaps)}: {Told(before.Record)} became {Told(after)}");
        }

        // What is updated outside a rollout is what failed in one.
        var moved = taken.Where(n => before.Record.Instances.Any(i => i.Slot == n && i.Intent == Intent.Run
            && i.Revision == after.Slots.First(s => s.Number == n).Revision && Serves(before.Record, n)));
        if (before.Record.Rollout is null && after.Rollout is null && moved.Any()
            && wanted.Count(n => !Serves(after, n)) > Math.Max(
            after.Spec.MaxUnavailable, wanted.Count(n => !Serves(before.Record, n)))) broken(
            "a move never takes down more than maxUnavailable",
            $"slots {string.Join(",", taken)}: {Told(before.Record)} became {Told(after)}");
    }

    /// <summary>Made ready on a worker that can start it.</summary>
    private static bool IsReadyToFollow(Situation situation, InstanceRecord it) =>
        it.Intent == Intent.Prepare && situation.Observed.Find(it.Name) is { Report.Phase: Phase.Prepared } seen && seen.Worker == it.Worker
        && situation.Workers.Any(w => w.Name == it.Worker && w.Health == WorkerHealth.Ready);

    private static bool IsUnhealthy(Situation situation, InstanceRecord it) =>
        situation.Observed.Find(it.Name) is { Report.Health: InstanceHealth.Unhealthy };

    private static string Told(ServiceRecord record) =>
        string.Join(", ", record.Instances.Select(i => $"{i.Name} {i.Intent} on {i.Worker}"));

    private static string Difference(ServiceRecord one, ServiceRecord other)
    {
        var (first, second) = (JsonSerializer.Serialize(one, ContractsJson.Options),
            JsonSerializer.Serialize(other, ContractsJson.Options));
        var at = first.Zip(second).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, at - 60);
        return $"{first[from..Math.Min(first.Length, from + 300)]}\n  and\n  {second[from..Math.Min(second.Length, from + 300)]}";
    }
}
