using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// One service with its masters and workers on a virtual clock. What runs in them is what runs in life: keepers, agents, alarms, calls with
/// their deadlines. Messages are late, lost, doubled and overtake each other, masters crash after any save and linger as zombies, workers
/// crash, stall and are cut off. One seed decides everything, so that a failure can be run again.
/// </summary>
internal sealed class SimulatedCluster
{
    public const string Service = "web";
    public const string ServiceKey = "service-web";

    private readonly DecisionChecks checks;
    private readonly SlotWatch slots;
    private readonly List<SimulatedMaster> masters = [];
    private readonly EventReader reader = new();
    private int requests;
    private int masterNumber;

    public SimulatedCluster(int seed, int workerCount, ServiceSpec spec, Faults faults, Tempo tempo)
    {
        (Tempo, AtMostOne) = (tempo, spec.Container.OnLeaseLost == LeaseLoss.Stop);
        (Seed, Dice, Time) = (seed, new Dice(seed), new SimulatedTime(seed));
        World = Time.Start("world");
        Network = new Network(Dice) { Faults = faults };
        checks = new DecisionChecks(Break);
        slots = new SlotWatch(this);
        Store.AfterSave = (key, process) =>
        {
            if (key == "members") NoteLost();
            if (Dice.Happens(Network.Faults.CrashAfterSave) && masters.Find(m => m.Process == process) is { } master) Crash(master);
        };
        Reminder = new SimulatedReminder(this);
        Actors = new SimulatedActors(this);
        StartMaster();
        StartMaster();
        Actors.PlaceOn(masters[0]);
        Workers = [.. Enumerable.Range(0, workerCount).Select(i => new SimulatedWorker(this, $"w{i}"))];
        After(TimeSpan.FromSeconds(1.5), () => Ask(new CreateService(spec)));
    }

    public Tempo Tempo { get; }

    /// <summary>Whether the service may never have two in one slot.</summary>
    public bool AtMostOne { get; }

    public int Seed { get; }

    public Dice Dice { get; }

    public SimulatedTime Time { get; }

    /// <summary>What happens outside all processes.</summary>
    public SimulatedProcess World { get; }

    public Network Network { get; }

    public SimulatedStore Store { get; } = new();

    public SimulatedReminder Reminder { get; }

    public SimulatedActors Actors { get; }

    public IReadOnlyList<SimulatedWorker> Workers { get; }

    public SlotWatch Slots => slots;

    public Blame Blame { get; } = new();

    /// <summary>The slots of a job's runs in which a program has ended well, by the engines' own account.</summary>
    public HashSet<(int Revision, int Run, int Slot)> WorkDone { get; } = [];

    public List<string> Broken { get; } = [];

    /// <summary>Told everything that is worth a line, when one life is run alone.</summary>
    public Action<string>? Journal { get; init; }

    /// <summary>What a master finds that loads it now.</summary>
    public ServiceRecord? Record => Store.Read<ServiceRecord>(ServiceKey);

    public Plan? Plan => Actors.Service.Keeper?.Plan;

    public int Decisions { get; private set; }

    public int Crashes { get; private set; }

    /// <summary>How far a machine's wall clock is off: in one cluster of four up to a minute, either way.</summary>
    public TimeSpan AnyClock() => Seed % 4 == 3 ? Dice.Between(0, 120) - TimeSpan.FromSeconds(60) : TimeSpan.Zero;

    public void After(TimeSpan delay, Action action) => World.After(delay, action);

    public void Break(string property, string seen) => Broken.Add($"{property}: {seen} (seed {Seed}, after {Time.Now})");

    /// <summary>A person asks some master, and asks no more when there is no answer.</summary>
    public void Ask(ServiceChange change)
    {
        var request = new ServiceChangeRequest($"request-{++requests}", change);
        var master = Dice.One(masters);
        Journal?.Invoke($"{Time.Now} {master.Process.Name} is asked for {change}");
        Ask(master, actors => actors.Service(Service, keeper => keeper.Change(request), CancellationToken.None));
    }

    public void Drain(string worker, bool draining) =>
        Ask(Dice.One(masters), actors =>
            actors.Registry(registry => registry.SetDraining(new DrainWish(worker, draining)), CancellationToken.None));

    public void Run(TimeSpan time) => Time.Run(Time.Now + time, () => Broken.Count > 0);

    public void Check(Situation situation, Plan plan) => checks.Check(situation, plan, again: ++Decisions % 16 == 0);

    /// <summary>The actors move to another master, and the old activations may not know it yet.</summary>
    public void MoveActors()
    {
        var left = Actors.Service.MoveTo(Another(Actors.Service.Home));
        if (left is null || !Dice.Happens(0.5)) return;
        var old = left;
        After(Dice.Between(0.01, 3), () =>
            _ = Quietly(() => old.Turn(async keeper => { await keeper.LookAgain("has not noticed"); return true; })));
    }

    /// <summary>The registry is activated anew: it knows names and wishes, no reports.</summary>
    public void MoveRegistry() => Actors.Registry.MoveTo(Another(Actors.Registry.Home));

    /// <summary>
    /// The directory is activated anew: it knows names and nothing else. What is left of it may still answer for a while.
    /// </summary>
    public void MoveDirectory()
    {
        Actors.Directory.MoveTo(Another(Actors.Directory.Home));
        Actors.Events.MoveTo(Another(Actors.Events.Home));
    }

    public void CrashSomeMaster() => Crash(Dice.One(masters));

    /// <summary>Faults end and operators undo what they did; then nothing may be left of them.</summary>
    public void ComeToRest()
    {
        Network.Faults = Faults.None;
        foreach (var worker in Workers) worker.Recover();
        Run(TimeSpan.FromSeconds(30));
        foreach (var worker in Workers) Drain(worker.Name, false);
        Run(TimeSpan.FromMinutes(25));
        if (Record is not { } record || Broken.Count > 0) return;
        if (record.Rollout?.Paused is not null)
        {
            Ask(new ResumeRollout());
            Run(TimeSpan.FromMinutes(25));
        }

        // A wish that cannot run, as of an image that is not there, is tried again now and then: the look must not fall into such a moment.
        for (var looks = 0; looks < 20 && (Plan is null or { Steps.Count: > 0 } || IsOnTheWay(Record!)); looks++)
            Run(TimeSpan.FromSeconds(10));
        if (Broken.Count == 0) CheckRest(Record!);
        if (Broken.Count == 0) CheckList();
        if (Broken.Count == 0) CheckEvents();
    }

    /// <summary>An instance has just ended, or is about to begin.</summary>
    private bool IsOnTheWay(ServiceRecord record) => Workers.Any(worker => worker.Ended.Any())
        || Workers.Sum(worker => worker.Live.Count()) != record.Instances.Count(it => it.Intent == Intent.Run);

    private void CheckRest(ServiceRecord record)
    {
        foreach (var wronged in Blame.Wronged(record)) Break("nothing is counted against a program that it did not do", wronged);
        var live = Workers.SelectMany(w => w.Live.Select(c => $"{c} on {w.Name}")).Order(StringComparer.Ordinal).ToList();
        var decided = record.Instances.Where(i => i.Intent == Intent.Run).Select(i => $"{i.Name} on {i.Worker}")
            .Order(StringComparer.Ordinal).ToList();
        if (Plan is not { } plan)
        {
            if (live.Count > 0) Left($"nobody looks after {string.Join(", ", live)}");
            return;
        }

        if (!live.SequenceEqual(decided)) Left($"live are {string.Join(", ", live)}, decided {string.Join(", ", decided)}");
        var ended = Workers.SelectMany(w => w.Ended.Select(c => $"{c} on {w.Name}")).ToList();
        if (ended.Count > 0) Left($"ended containers were not forgotten: {string.Join(", ", ended)}");
        if (plan.Steps.Count > 0) Left("steps remain");
        foreach (var run in record.Job?.Runs.Where(run => run.State == RunState.Completed) ?? [])
        {
            var done = WorkDone.Count(it => (it.Revision, it.Run) == (run.Revision, run.Number));
            if (done < run.Completions) Left($"run {run.Number} has completed, and the work of {done} of {run.Completions} slots is done");
        }

        var silent = record.Slots.Where(s => !(s is { Run: > 0, IsFinished: true })
            && record.Instances.All(i => i.Slot != s.Number) && !plan.WaitingBySlot.ContainsKey(s.Number))
            .ToList();
        if (silent.Count > 0) Left($"empty slots do not say why: {string.Join(", ", silent.Select(s => s.Number))}");

        void Left(string what) =>
            Break("a cluster comes to rest",
                $"{what}; {string.Join("; ", (Plan?.Steps ?? []).Select(DecisionChecks.Short))} {Plan?.Rollout} {Plan?.Waiting}");
    }

    /// <summary>What the list says is what the service itself says; asking for it makes nobody tell the list.</summary>
    private void CheckList()
    {
        var (page, own, looks) = ((DirectoryPage?)null, (ServiceSummary?)null, 0);
        do
        {
            Ask(masters[0], async actors =>
            {
                page = await actors.List(new DirectoryQuestion(null, 10, new ServiceFilter()), CancellationToken.None);
                own = InShort(await actors.Service(Service, keeper => keeper.Get(), CancellationToken.None));
                return true;
            });
            Run(TimeSpan.FromSeconds(3));
        }
        while (!Agree() && looks++ < 3);

        if (!Agree()) Break("the list says what the service says", $"listed is {page}, the service says {own}");

        bool Agree() => page is { Unknown.Count: 0 } && page.Services.SequenceEqual(own is null ? [] : [own]);
    }

    /// <summary>Who has read all events up to now knows how each instance is, and has heard nothing twice.</summary>
    private void CheckEvents()
    {
        // One that tries again and again may begin while this reads.
        var running = Running();
        Run(TimeSpan.FromSeconds(3));
        for (var pages = 0; pages < 200; pages++)
        {
            EventPage? page = null;
            Ask(masters[0], async actors => page = await actors.Page(new EventQuestion(reader.Number, null, 500), CancellationToken.None));
            Run(TimeSpan.FromSeconds(2));
            if (page is null) continue;
            foreach (var wrong in reader.Read(page)) Break("events tell each change once", wrong);
            if (page.Upto == page.Newest) break;
        }

        foreach (var instance in running.Intersect(Running()).Where(it => !reader.IsLive(it)))
            Break("events tell each change", $"{instance} lives, and the last that was told of it is {reader.Last(instance)}");

        List<string> Running() => Record!.Instances.Where(i => i.Intent == Intent.Run).Select(i => i.Name)
            .Where(name => Workers.Any(w => w.Live.Contains(name))).ToList();
    }

    private ServiceSummary? InShort(ServiceAnswer answer) => answer.Service is not { } service ? null : new ServiceSummary
    {
        Name = service.Name,
        Image = service.Spec.Container.Image,
        Revision = service.Revision,
        Wanted = Record!.Wanted,
        Observed = service.Observed,
        Running = service.Running,
        Withdrawing = service.Withdrawing,
        State = service.State,
        Waiting = service.Waiting is [var first, ..] ? first : null,
        Progress = service.Job?.Progress,
        Labels = service.Spec.Labels,
        Workers = [.. service.Instances.Select(it => it.Worker).Distinct().Order(StringComparer.Ordinal)],
    };

    private void StartMaster() => masters.Add(new SimulatedMaster(this, $"m{++masterNumber}"));

    /// <summary>The process ends at once; its actors are placed anew when that is noticed, and after a while it is started again.</summary>
    private void Crash(SimulatedMaster master)
    {
        Crashes++;
        Journal?.Invoke($"{Time.Now} {master.Process.Name} crashes");
        master.Process.Kill();
        masters.Remove(master);
        if (masters.Count == 0) StartMaster();
        After(Dice.Between(0.05, 3), () => Actors.PlaceOn(Dice.One(masters)));
        After(Dice.Between(1, 20), () =>
        {
            if (masters.Count < 2) StartMaster();
        });
    }

    private void NoteLost()
    {
        var lost = Store.Saved<MemberRecord>("members")!.Workers.Where(known => known.DeclaredLost).Select(known => known.Name).ToHashSet();
        foreach (var worker in Workers.Where(worker => lost.Contains(worker.Name))) worker.WasLost = true;
    }

    private SimulatedMaster Another(SimulatedMaster? than) => masters.Find(m => m != than) ?? masters[0];

    private static void Ask<T>(SimulatedMaster master, Func<ControlPlane.Dapr.ActorCalls, Task<T>> ask) =>
        master.Process.Do(() => Quietly(() => ask(master.Actors)));

    private static async Task Quietly<T>(Func<Task<T>> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is NoAnswerException or RecordConflictException or HttpRequestException)
        {
            // Whoever asked gives up.
        }
    }
}
