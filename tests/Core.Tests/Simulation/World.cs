using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Simulation;

/// <summary>What is drawn for one random world: a wish, workers and what happens to them.</summary>
internal sealed record WorldScript(int Seed, ServiceSpec Spec, int Workers, ValueList<Happening> Happenings)
{
    public override string ToString() =>
        $"seed {Seed}, {Workers} workers, {JsonSerializer.Serialize(Spec, ContractsJson.Options)}\n  {string.Join("\n  ", Happenings)}";
}

internal sealed record Happening(HappeningKind What, int A, int B);

internal enum HappeningKind
{
    Turn, TurnWithLosses, CrashAfterSave, NewActivation, Reports, ReportAgain, OldReport, Progress, Exit, Unhealthy, Vanish,
    Suspect, Lose, Return, Reboot, Drain, Undrain, Relabel, Join, Scale, NewImage, Tune, Withdraw, Create, RollBack, Restart, Pause, Resume,
        Rebalance,
    Refuse, NoAnswer, LateOrder, TimePasses, EndedByOthers, CannotRun, ReleaseVolume, PausedByOthers, TakePort, Rebind,
    RunJob, RunDue, Forbid,
}

/// <summary>
/// One service in a world where messages are lost, doubled and late, containers end and workers come and go. Every decision is checked
/// against what must hold always; what does not is noted by the name of the property.
/// </summary>
internal sealed class World
{
    private static readonly string[] Images = ["web:1", "web:2", "web:3"];

    internal static readonly string?[] Addresses = [null, "0.0.0.0", "127.0.0.1", "10.0.0.5"];

    private static readonly EndCause[] NotItsOwn = [.. Enum.GetValues<EndCause>().Where(cause => !((EndCause?)cause).IsOwn())];

    private readonly Random dice;
    private readonly Dictionary<(string Worker, string Instance), InstanceReport> containers = [];
    private readonly HashSet<(string Worker, string Instance)> untold = [];
    private readonly DecisionChecks checks;
    /// <summary>Instances that an order has begun again after they had ended: the worker itself refuses to forget them.</summary>
    private readonly HashSet<string> begunLate = new(StringComparer.Ordinal);

    private readonly List<Step> sent = [];
    private readonly List<ServiceReport> told = [];
    private readonly List<Worker> workers = [];
    private Observations observed = Observations.None;
    private ServiceRecord record;
    private DateTimeOffset now = CalmCluster.Start;
    private DateTimeOffset since = CalmCluster.Start;
    private long sequence;
    private Plan? last;
    private bool settling;

    /// <summary>Where a rollback, automatic or asked for, has to end; none once another revision is wished.</summary>
    private int? backTo;

    public World(WorldScript script)
    {
        dice = new Random(script.Seed);
        checks = new DecisionChecks(Break);
        for (var i = 0; i < script.Workers; i++) Join();
        record = ServiceChanges.Apply(null, "web", new CreateService(script.Spec), now).Record
            ?? throw new InvalidOperationException("the script's spec is not valid");
        foreach (var happening in script.Happenings)
        {
            Story.Add($"{now:mm:ss} {happening}");
            Happen(happening);
        }
    }

    /// <summary>Violated properties with what was seen.</summary>
    public List<(string Property, string Seen)> Broken { get; } = [];

    public List<string> Story { get; } = [];

    /// <summary>
    /// Faults end, containers behave, half of all orders and reports are still lost: the world must come to rest with nothing left
    /// behind.
    /// </summary>
    public void Settle()
    {
        Story.Add("— faults end —");
        settling = true;
        for (var i = 0; i < workers.Count; i++) workers[i] = workers[i] with { Health = WorkerHealth.Ready };
        foreach (var worker in workers) untold.UnionWith(containers.Keys.Where(c => c.Worker == worker.Name));
        foreach (var worker in workers) Hear(worker.Name);
        for (var turn = 0; turn < 4000; turn++)
        {
            var plan = Decide();
            if (record.Rollout?.Paused is not null)
            {
                Ask(new ResumeRollout());
                continue;
            }

            if (plan.Steps.Count == 0 && untold.Count == 0 && containers.Values.All(c => c.Phase is Phase.Running))
            {
                if (record.Job is not null && containers.Count > 0)
                {
                    DoSomeWork();
                    continue;
                }

                if (IsAtRest()) break;
                now = plan.LookAgainAt is { } next && next > now ? next : now + TimeSpan.FromSeconds(1);
                if (plan.LookAgainAt is null)
                    Break("a world that is not at rest says when to look again", $"rollout {plan.Rollout}, waiting {plan.Waiting}");
                if (plan.LookAgainAt is null) break;
                continue;
            }

            foreach (var step in plan.Steps) if (dice.Next(2) == 0) Carry(step);
            foreach (var key in containers.Keys.ToList())
            {
                if (containers[key].Phase == Phase.Starting) Now(key, containers[key] with { Phase = Phase.Running, StartedAt = now });
                else if (containers[key].Phase == Phase.Paused) Now(key, containers[key] with { Phase = Phase.Running, Message = null });
                else if (containers[key].Phase == Phase.Placed) Now(key, containers[key] with { Phase = Phase.Prepared });
                else if (containers[key].Phase == Phase.Stopping)
                    Now(key, containers[key] with { Phase = Phase.Exited, EndedAt = now, ExitCode = 0 });
                else if (containers[key].Health == InstanceHealth.Unhealthy && dice.Next(4) == 0)
                    Now(key, containers[key] with { Health = InstanceHealth.Healthy });
            }

            foreach (var key in untold.ToList()) if (dice.Next(2) == 0) Report(key);
            now += TimeSpan.FromMilliseconds(200);
        }

        var plan2 = Decide();
        if (plan2.Steps.Count > 0) Break("every world settles", $"still {string.Join("; ", plan2.Steps.Select(DecisionChecks.Short))}");
        var left = containers.Where(c => c.Value.Phase != Phase.Exited).Select(c => c.Key.Instance).Order(StringComparer.Ordinal).ToList();
        var wanted = record.Instances.Where(i => i.Intent != Intent.Stop).Select(i => i.Name).Order(StringComparer.Ordinal).ToList();
        if (!left.SequenceEqual(wanted))
            Break("nothing is left behind", $"live {string.Join(",", left)}; decided {string.Join(",", wanted)}");
        if (containers.Values.Any(c => c.Phase == Phase.Exited)) Break("nothing is left behind", "an ended container was never forgotten");
        if (record.Instances.Any(i => i.Intent == Intent.Stop)) Break("every world settles", "an instance is still to stop");
        foreach (var slot in record.Slots)
        {
            var isDone = slot is { Run: > 0, IsFinished: true };
            if (!isDone && !record.Instances.Any(i => i.Slot == slot.Number) && !plan2.WaitingBySlot.ContainsKey(slot.Number))
                Break("an empty slot says why", $"slot {slot.Number}");
        }

        if (!record.Withdrawn && record.Spec.Mode == ServiceMode.Replicated && record.Slots.Count != record.Spec.Instances)
            Break("as many slots as wanted", $"{record.Slots.Count} of {record.Spec.Instances}");
        foreach (var run in record.Job?.Open ?? [])
        {
            if (record.Slots.Count(s => s.Run == run.Number) != run.Completions)
                Break("as many slots as wanted", $"run {run.Number}: {record.Slots.Count(s => s.Run == run.Number)} of {run.Completions}");
            if (plan2.Waiting.Count == 0) Break("a run ends", $"run {run.Number} goes on and waits for nothing");
        }

        // An update that found no place pauses in the end, where that was asked for, and says why.
        var saysWhyNot = plan2.Waiting.Count > 0 || record.Rollout?.Paused is not null;
        if (record.Instances.Any(i => i.Revision != record.Revision) && !saysWhyNot)
            Break("an update reaches every slot", $"revision {record.Revision}: {string.Join(",", wanted)}");
        if (backTo is { } old && (record.Revision != old || (record.Instances.Any(i => i.Revision != old) && !saysWhyNot)))
            Break("a rollback ends on the old revision", $"{old} is to run: {string.Join(",", wanted)}");
        if (record.Withdrawn && !record.IsTombstone) Break("every world settles", "withdrawn and not a tombstone");
    }

    /// <summary>Programs of a job end well, sooner or later.</summary>
    private void DoSomeWork()
    {
        foreach (var key in containers.Keys.ToList())
        {
            if (containers[key].Phase == Phase.Running && dice.Next(3) == 0)
                Now(key, containers[key] with { Phase = Phase.Exited, EndedAt = now, ExitCode = 0, Cause = EndCause.Program });
        }

        now += TimeSpan.FromSeconds(1);
    }

    /// <summary>Nothing of the service is under way: no rollout, no move, no pause before the next try.</summary>
    private bool IsAtRest()
    {
        var isMoving = record.Instances.DistinctBy(i => i.Slot).Count() < record.Instances.Count;
        return record.Rollout is null && record.Rebalance is null && !isMoving && !record.Slots.Any(IsPausing);
    }

    private bool IsPausing(SlotRecord slot) =>
        slot is { Ended: null, Failures: { } failures } && failures.NotBefore > now && !record.Instances.Any(i => i.Slot == slot.Number);

    private readonly Dictionary<string, OrderRefused> unanswered = new(StringComparer.Ordinal);

    private void Break(string property, string seen) => Broken.Add((property, seen));

    private void Join() => workers.Add(CalmCluster.NewWorker($"w{workers.Count}") with
    {
        Capacity = new WorkerCapacity(1 + dice.Next(4), ByteSize.Mi(256 * (1 + dice.Next(4)))),
        Labels = Labels(dice.Next(4)),
        Policy = dice.Next(4) switch { 0 => null, 1 => new(), _ => new() { BindPaths = ["/srv"] } },
    });

    private static ValueMap Labels(int kind) =>
        kind switch { 0 => ValueMap.Empty, 1 => ValueMap.Of(("zone", "a")), 2 => ValueMap.Of(("zone", "b")), _ =>
        ValueMap.Of(("zone", "c"), ("gpu", "1")) };

    private void Happen(Happening it)
    {
        var at = workers.Count == 0 ? -1 : (int)((uint)it.A % (uint)workers.Count);
        var worker = at < 0 ? null : workers[at];
        switch (it.What)
        {
            case HappeningKind.Turn: foreach (var step in Decide().Steps) Carry(step); break;
            case HappeningKind.TurnWithLosses: foreach (var step in Decide().Steps) if (dice.Next(3) > 0) Carry(step); break;
            case HappeningKind.CrashAfterSave: Decide(); Activate(); break;
            case HappeningKind.NewActivation: Activate(); break;
            case HappeningKind.Reports: foreach (var key in untold.ToList()) if (dice.Next(4) > 0) Report(key); break;
            case HappeningKind.ReportAgain: if (told.Count > 0) Again(told[^1]); break;
            case HappeningKind.OldReport: if (told.Count > 0) Again(told[(int)((uint)it.A % (uint)told.Count)]); break;
            case HappeningKind.Progress:
                foreach (var key in containers.Keys.ToList())
                {
                    if (dice.Next(3) == 0) continue;
                    var c = containers[key];
                    if (c.Phase == Phase.Starting) Now(key, c with { Phase = Phase.Running, StartedAt = now });
                    else if (c.Phase == Phase.Paused) Now(key, c with { Phase = Phase.Running, Message = null });
                    else if (c.Phase == Phase.Placed) Now(key, c with { Phase = Phase.Prepared, Message = null });
                    else if (c.Phase == Phase.Stopping) Now(key, c with { Phase = Phase.Exited, EndedAt = now, ExitCode = 0 });
                }

                break;
            case HappeningKind.Exit: if (Pick(it.B) is { } dying) Now(
                dying, containers[dying] with { Phase = Phase.Exited, ExitCode = it.A % 3, EndedAt = now }); break;
            case HappeningKind.EndedByOthers: if (Pick(it.B) is { } ended) Now(ended, containers[ended] with
                {
                    Phase = Phase.Exited, ExitCode = it.A % 2, EndedAt = now, Cause = NotItsOwn[(uint)it.A % NotItsOwn.Length],
                }); break;
            case HappeningKind.CannotRun: if (Pick(it.B) is { } hopeless && containers[hopeless].Phase != Phase.Running) Now(
                hopeless, containers[hopeless] with
                {
                    Phase = Phase.Exited, EndedAt = now, Cause = it.A % 2 == 0 ? EndCause.Worker : EndCause.Image, Message = "cannot",
                }); break;
            case HappeningKind.PausedByOthers: if (Pick(it.B) is { } frozen && containers[frozen].Phase == Phase.Running) Now(
                frozen, containers[frozen] with { Phase = Phase.Paused, Message = "somebody has paused its container" }); break;
            case HappeningKind.Unhealthy: if (Pick(it.B) is { } sick && containers[sick].Phase == Phase.Running) Now(
                sick, containers[sick] with { Health = InstanceHealth.Unhealthy }); break;
            case HappeningKind.Vanish: if (Pick(it.B) is { } vanishing) { containers.Remove(vanishing); untold.Add(vanishing); } break;
            case HappeningKind.Suspect: if (
                worker is { Health: WorkerHealth.Ready }) workers[at] = worker with { Health = WorkerHealth.Suspect }; break;
            case HappeningKind.Lose: if (worker is not null) workers[at] = worker with { Health = WorkerHealth.Lost }; break;
            case HappeningKind.Return: if (
                worker is not null) { workers[at] = worker with { Health = WorkerHealth.Ready }; Hear(worker.Name); } break;
            case HappeningKind.Reboot:
                foreach (var key in containers.Keys.Where(k => k.Worker == worker?.Name && containers[k].Phase != Phase.Exited)
                    .ToList()) Now(
                    key, containers[key] with { Phase = Phase.Exited, ExitCode = 255, EndedAt = now, Cause = EndCause.Machine });
                if (worker is not null) Hear(worker.Name);
                break;
            case HappeningKind.Drain: if (worker is not null) workers[at] = worker with { Draining = true }; break;
            case HappeningKind.Undrain: if (worker is not null) workers[at] = worker with { Draining = false }; break;
            case HappeningKind.Relabel: if (worker is not null) workers[at] = worker with { Labels = Labels(dice.Next(4)) }; break;
            case HappeningKind.Forbid: if (worker is not null) workers[at] = worker with
                {
                    Policy = it.A % 2 == 0 ? new() : new() { BindPaths = ["/srv"] },
                }; break;
            case HappeningKind.Join: if (workers.Count < 8) Join(); break;
            case HappeningKind.Scale: Ask(new UpdateService(new() { ["instances"] = (int)((uint)it.A % 7) })); break;
            case HappeningKind.NewImage: Ask(new UpdateService(new() { ["image"] = Images[(uint)it.A % 3] })); break;
            case HappeningKind.Tune: Ask(
                new UpdateService(new() { ["placement"] = it.A % 2 == 0 ? null
                : new System.Text.Json.Nodes.JsonObject { ["constraints"] = new System.Text.Json.Nodes.JsonArray("zone != b") } })); break;
            case HappeningKind.Withdraw: if (it.A % 4 == 0) Ask(new WithdrawService()); break;
            case HappeningKind.Create: if (record.Withdrawn) Ask(new CreateService(record.Spec)); break;
            case HappeningKind.RollBack: Ask(new RollBack()); break;
            case HappeningKind.Restart: Ask(new RestartInstances()); break;
            case HappeningKind.Pause: Ask(new PauseRollout()); break;
            case HappeningKind.Resume: Ask(new ResumeRollout()); break;
            case HappeningKind.ReleaseVolume: Ask(new ReleaseVolume()); break;
            case HappeningKind.TakePort: if (worker is not null) workers[at] = worker with
                {
                    HostPorts = Addresses[(uint)it.B % 4] is var taken && it.A % 3 == 0 ? [] : [HostPort.At(taken, 8080, PortProtocol.Tcp)],
                }; break;
            case HappeningKind.Rebind: Ask(new UpdateService(new() { ["ports"] = new JsonArray(new JsonObject
                {
                    ["container"] = 80, ["host"] = it.A % 2 == 0 ? 8080 : null, ["address"] = Addresses[(uint)it.B % 4],
                }) })); break;
            case HappeningKind.RunJob: Ask(new RunJob()); break;
            case HappeningKind.RunDue: Ask(new RunDue(now)); break;
            case HappeningKind.Rebalance: Ask(new RebalanceInstances()); break;
            case HappeningKind.Refuse:
                if (last?.Steps.OfType<Begin>().FirstOrDefault() is { } refused && !IsBegun((refused.Worker, refused.Instance)))
                    record = record.WithRefusal(
                        new OrderRefused(refused.Instance, refused.Worker,
                        new OrderAnswer { Refusal = Refusal.NoCapacity, Reason = "full" }), observed, now);
                break;
            case HappeningKind.NoAnswer:
                foreach (var step in last?.Steps.OfType<Begin>() ?? [])
                {
                    if (!IsBegun((step.Worker, step.Instance))) unanswered[step.Instance] = new OrderRefused(step.Instance, step.Worker,
                        new OrderAnswer { Refusal = Refusal.Unanswered, Reason = "no answer" });
                }

                break;
            case HappeningKind.LateOrder: if (sent.Count > 0) Carry(sent[(int)((uint)it.A % (uint)sent.Count)], late: true); break;
            case HappeningKind.TimePasses: now += TimeSpan.FromSeconds((uint)it.A % 5 == 0 ? 400 : 1 + (uint)it.B % 20); break;
            default: throw new InvalidOperationException($"{it.What}");
        }
    }

    /// <summary>One that is only made ready may still be refused.</summary>
    private bool IsBegun((string, string) key) =>
        containers.TryGetValue(key, out var known)
        && (known.Phase != Phase.Prepared || !record.Instances.Any(i => i.Name == key.Item2 && i.Intent == Intent.Run));

    private (string, string)? Pick(int number)
    {
        var live = containers.Where(c => c.Value.Phase is not (Phase.Stopping or Phase.Exited)).Select(c => c.Key).Order().ToList();
        return live.Count == 0 ? null : live[(int)((uint)number % (uint)live.Count)];
    }

    private void Ask(ServiceChange change)
    {
        var result = ServiceChanges.Apply(record, "web", change, now);
        if (result.Outcome == ServiceOutcome.Done)
        {
            if (result.Record!.Withdrawn || result.Record.Revision != record.Revision) backTo = change is RollBack ? result.Record.Revision
                : null;
            record = result.Record;
            var moments = record.Job?.Runs.Select(run => run.ScheduledFor).OfType<DateTimeOffset>().ToList() ?? [];
            if (moments.Zip(moments.Skip(1)).Any(pair => pair.First >= pair.Second))
                Break("no moment of a schedule begins two runs", string.Join(", ", moments));
        }
        else if (!ReferenceEquals(result.Record, record)) Break("a refused change changes nothing", $"{change}");
    }

    private void Activate()
    {
        // What was decided was saved; what was observed is gone.
        record = Stored(record).NextEpoch();
        observed = Observations.None;
        unanswered.Clear();
        since = now;
        foreach (var worker in workers.Where(w => w.Health != WorkerHealth.Lost)) if (dice.Next(3) > 0) Hear(worker.Name);
    }

    private ServiceRecord Stored(ServiceRecord it)
    {
        var back = JsonSerializer.Deserialize<ServiceRecord>(JsonSerializer.Serialize(it, ContractsJson.Options), ContractsJson.Options)!;
        if (back != it) Break("a record survives the store", "it differs after a round trip");
        return back;
    }

    private void Now((string Worker, string Instance) key, InstanceReport report)
    {
        containers[key] = report;
        untold.Add(key);
    }

    private void Report((string Worker, string Instance) key)
    {
        if (workers.First(w => w.Name == key.Worker).Health == WorkerHealth.Lost) return;
        untold.Remove(key);
        var report = new ServiceReport { Worker = key.Worker, Service = "web", Sequence = ++sequence, Complete = false };
        report = containers.TryGetValue(key, out var container) ? report with { Instances = [container] }
            : report with { Gone = [key.Instance] };
        told.Add(report);
        observed = observed.With(report);
    }

    private void Hear(string worker)
    {
        untold.RemoveWhere(k => k.Worker == worker);
        var report = new ServiceReport
        {
            Worker = worker, Service = "web", Sequence = ++sequence, Complete = true,
            Instances = containers.Where(c => c.Key.Worker == worker).Select(c => c.Value).ToValueList(),
        };
        told.Add(report);
        observed = observed.With(report);
    }

    /// <summary>A report that was answered already and comes once more.</summary>
    private void Again(ServiceReport report)
    {
        var before = observed;
        var heardThen = before.HasHeard(report.Worker);
        observed = observed.With(report);
        // After a new activation even an old report is news; without one it must not change anything.
        foreach (var seen in before.All)
        {
            var after = observed.Find(seen.Report.Instance);
            if (report.Sequence <= seen.Sequence && after != seen)
                Break("an old report never moves a phase back", $"{seen} became {after}");
        }

        if (heardThen && report == told[^1] && !ReferenceEquals(observed.With(report), observed))
            Break("the same report twice changes nothing", $"{report}");
    }

    private void Carry(Step step, bool late = false)
    {
        if (!late) sent.Add(step);
        if (workers.First(w => w.Name == step.Worker).Health == WorkerHealth.Lost) return;
        var key = (step.Worker, step.Instance);
        var known = containers.GetValueOrDefault(key);
        switch (step)
        {
            case Prepare or Run when known is null && late:
                begunLate.Add(step.Instance);
                var begins = step is Run ? Phase.Starting : Phase.Placed;
                Now(key, new InstanceReport { Instance = step.Instance, Phase = begins, Message = "starting" });
                break;
            case Prepare:
                Now(key, known ?? new InstanceReport { Instance = step.Instance, Phase = Phase.Placed, Message = "pulling" });
                break;
            case Run when known is { Phase: Phase.Placed or Phase.Prepared }: Now(key, known with { Phase = Phase.Starting }); break;
            case Run: Now(key, known ?? new InstanceReport { Instance = step.Instance, Phase = Phase.Starting,
                Message = "starting" }); break;
            case Stop when known is { Phase: not Phase.Exited }: Now(key, known with { Phase = Phase.Stopping }); break;
            case Stop: untold.Add(key); break;
            case Forget when known is { Phase: not Phase.Exited }:
                if (!late && !begunLate.Contains(step.Instance)) Break("a live instance is never forgotten", DecisionChecks.Short(step));
                break;
            default:
                containers.Remove(key);
                untold.Add(key);
                break;
        }
    }

    private Plan Decide()
    {
        var situation = new Situation { Record = record, Workers = workers.ToValueList(), Observed = observed, Since = since, Now = now,
            Unanswered = unanswered };
        var plan = Reconciler.Reconcile(situation);
        // While the world settles one turn resembles the other; a sample of them is turned over twice more.
        checks.Check(situation, plan, again: !settling || dice.Next(8) == 0);
        if (plan.Record.Revision != record.Revision) backTo = record.Rollout?.From;
        record = plan.Record;
        last = plan;
        return plan;
    }
}
