using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Simulation;

/// <summary>
/// One service with its master, the registry and its workers on a virtual clock. The real reconciler, placer, record, changes, observations and leases decide;
/// messages are late, lost, doubled and overtake each other, masters crash after any save and linger as zombies, workers crash, stall and are cut off.
/// One seed decides everything, so that a failure can be run again.
/// </summary>
internal sealed class SimulatedCluster
{
    private readonly PriorityQueue<Action, (long Ticks, long Order)> events = new();
    private readonly LivenessRules rules = new();
    private readonly DecisionChecks checks;
    private readonly List<SimulatedWorker> workers = [];
    private MemberTable table;
    private SimulatedMaster master;
    private byte[]? stored;
    private ServiceRecord? saved;
    private (int Version, ServiceRecord? Record) read;
    private int version;
    private long order;

    public SimulatedCluster(int seed, int workerCount, ServiceSpec spec, Faults faults)
    {
        (Seed, Dice, Faults) = (seed, new Random(seed), faults);
        checks = new DecisionChecks((property, seen) => Broken.Add($"{property}: {seen} (seed {seed}, after {Now - CalmCluster.Start})"));
        table = MemberTable.From([], Now);
        master = new SimulatedMaster(this);
        for (var i = 0; i < workerCount; i++) workers.Add(new SimulatedWorker(this, $"w{i}"));
        After(TimeSpan.FromSeconds(1), Judge);
        After(TimeSpan.FromSeconds(1.5), () => Ask(new CreateService(spec)));
    }

    public int Seed { get; }

    public Random Dice { get; }

    /// <summary>May be set to none, to let the cluster come to rest.</summary>
    public Faults Faults { get; set; }

    public DateTimeOffset Now { get; private set; } = CalmCluster.Start;

    public List<string> Broken { get; } = [];

    /// <summary>What a master finds that loads it now; read from its bytes, once for each version.</summary>
    public ServiceRecord? Record
    {
        get
        {
            if (read.Version != version) read = (version, JsonSerializer.Deserialize<ServiceRecord>(stored!, ContractsJson.Options));
            return read.Record;
        }
    }

    public IReadOnlyList<SimulatedWorker> Workers => workers;

    public Plan? Plan => master.Plan;

    public int Turns { get; set; }

    public int Crashes { get; set; }

    public void After(TimeSpan delay, Action action) => events.Enqueue(action, ((Now + delay).UtcTicks, order++));

    public TimeSpan Between(double leastSeconds, double mostSeconds) => TimeSpan.FromSeconds(leastSeconds + (mostSeconds - leastSeconds) * Dice.NextDouble());

    public bool Happens(double probability) => Dice.NextDouble() < probability;

    /// <summary>A message: usually milliseconds, sometimes seconds, sometimes never, sometimes twice.</summary>
    public void Send(Action arrive)
    {
        if (Happens(Faults.Lost)) return;
        After(Happens(Faults.Late) ? Between(0.1, 20) : Between(0.001, 0.01), arrive);
        if (Happens(Faults.Twice)) After(Between(0.001, 20), arrive);
    }

    public void Ask(ServiceChange change) => master.Change(change);

    public void Run(TimeSpan time)
    {
        var end = Now + time;
        while (events.TryPeek(out var action, out var at) && at.Ticks <= end.UtcTicks && Broken.Count == 0)
        {
            events.Dequeue();
            Now = new DateTimeOffset(Math.Max(at.Ticks, Now.UtcTicks), TimeSpan.Zero);
            action();
        }

        Now = end;
    }

    /// <summary>Faults end and operators undo what they did; then nothing may be left of them.</summary>
    public void ComeToRest()
    {
        Faults = Faults.None;
        foreach (var worker in workers) worker.Recover();
        foreach (var worker in workers) table = table.SetDraining(new(worker.Name, false))?.Table ?? table;
        master.LookAgain();
        Run(TimeSpan.FromMinutes(25));
        if (Record is not { } record || Broken.Count > 0) return;
        if (record.Rollout?.Paused is not null)
        {
            Ask(new ResumeRollout());
            Run(TimeSpan.FromMinutes(25));
        }

        // A wish that cannot run, as of an image that is not there, is tried again now and then: the look must not fall into such a moment.
        for (var looks = 0; looks < 10 && Plan!.Steps.Count > 0; looks++) Run(TimeSpan.FromSeconds(10));
        record = Record!;

        void Left(string what) => Broken.Add($"{what} (seed {Seed}, after {Now - CalmCluster.Start}): {string.Join("; ", Plan!.Steps.Select(DecisionChecks.Short))} {Plan.Rollout} {Plan.Waiting}");
        var live = workers.SelectMany(w => w.Book.Values.Where(c => c.Phase != Phase.Exited).Select(c => $"{c.Instance} on {w.Name}")).Order(StringComparer.Ordinal).ToList();
        var decided = record.Instances.Where(i => i.Intent == Intent.Run).Select(i => $"{i.Name} on {i.Worker}").Order(StringComparer.Ordinal).ToList();
        if (!live.SequenceEqual(decided)) Left($"live are {string.Join(", ", live)}, decided {string.Join(", ", decided)}");
        if (workers.Any(w => w.Book.Values.Any(c => c.Phase == Phase.Exited))) Left("an ended container was not forgotten");
        if (Plan!.Steps.Count > 0) Left("steps remain");
        if (record.Slots.Any(s => !record.Instances.Any(i => i.Slot == s.Number) && !Plan.WaitingBySlot.ContainsKey(s.Number))) Left("an empty slot does not say why");
    }

    public ValueList<Worker> WorkersNow() => table.Workers(rules, Now);

    /// <summary>The registry hears a worker.</summary>
    public void Renew(WorkerReport report, SimulatedWorker from)
    {
        var (next, answer, change) = table.Renew(report, rules, Now);
        table = next;
        if (change is not null && change.Services.Count > 0) After(Between(0.001, 0.05), () => master.LookAgain());
        if (answer.ReportEverything) Send(from.TellAll);
    }

    public void WaitForRoom() => table = table.WaitsForRoom("web");

    public void Drain(string worker, bool draining)
    {
        if (table.SetDraining(new(worker, draining)) is not var (next, change)) return;
        table = next;
        if (change is not null) After(Between(0.001, 0.05), () => master.LookAgain());
    }

    /// <summary>The registry is activated anew: it knows names and wishes, no reports.</summary>
    public void RestartRegistry() => table = MemberTable.From(table.Known, Now);

    public void Report(ServiceReport report, Action answered)
    {
        if (master.Report(report)) After(Between(0.001, 0.01), answered);
    }

    public (ServiceRecord? Record, int Version) Load() => (Record, version);

    /// <summary>Compare-and-set.</summary>
    public bool Save(ServiceRecord record, ref int known)
    {
        if (known != version) return false;
        stored = JsonSerializer.SerializeToUtf8Bytes(record, ContractsJson.Options);
        saved = record;
        known = ++version;
        return true;
    }

    public void Check(Situation situation, Plan plan) => checks.Check(situation, plan, again: Turns % 16 == 0);

    /// <summary>The actor moves: another master takes over, and the old one may not know it yet.</summary>
    public void MoveMaster()
    {
        Crashes++;
        var old = master;
        master = new SimulatedMaster(this);
        if (Happens(0.5)) After(Between(0.01, 3), old.LookAgain);
        After(Between(0.05, 3), () => master.LookAgain());
    }

    public void Order(Order sent, string worker, SimulatedMaster from)
    {
        var to = workers.First(w => w.Name == worker);
        Send(() =>
        {
            var answer = to.Take(sent);
            if (answer is { Accepted: false }) Send(() => { if (from == master) master.Refused(new OrderRefused(sent.Instance, worker, answer)); });
        });
    }

    /// <summary>How many live containers a slot has where they can be told from here: not where a worker was lost meanwhile, and not those that a late order began again.</summary>
    public void CheckSlots()
    {
        var most = saved is { } record && Succession.Of(record.Spec).Order == UpdateOrder.StartFirst ? 2 : 1;
        foreach (var slot in workers.Where(w => !w.WasLost).SelectMany(w => w.Book.Values).Where(c => c.Phase is Phase.Starting or Phase.Running && !BegunAgain.Contains(c.Instance)).GroupBy(c => InstanceName.TryParse(c.Instance, out var name) ? name.Slot : 0))
        {
            if (slot.Count() > most) Broken.Add($"{slot.Count()} live containers in one slot: {string.Join(", ", slot.Select(c => c.Instance))} (seed {Seed}, after {Now - CalmCluster.Start})");
        }
    }

    /// <summary>Names that were ended and began again by an order that was late or doubled.</summary>
    public HashSet<string> BegunAgain { get; } = new(StringComparer.Ordinal);

    private void Judge()
    {
        var (judged, changes) = table.Judge(rules, Now);
        table = judged;
        foreach (var change in changes)
        {
            workers.First(w => w.Name == change.Worker).WasLost = true;
            After(Between(0.001, 0.05), () => master.LookAgain());
        }

        After(TimeSpan.FromSeconds(1), Judge);
    }
}

/// <summary>How bad the world is: probabilities of a message, of a save, and per hour.</summary>
internal sealed record Faults(double Lost, double Late, double Twice, double CrashAfterSave, double PerHour)
{
    public static Faults None { get; } = new(0, 0, 0, 0, 0);
}
