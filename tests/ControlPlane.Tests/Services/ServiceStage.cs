using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>The keeper of the service <c>web</c> with everything around it played; the journal tells what it did, in order.</summary>
internal sealed class ServiceStage
{
    private long sequence;
    private int requests;

    public ServiceStage(params string[] workers)
    {
        Store = new(saved => Journal.Add($"saves {Words(saved)}"));
        (Workers, Directory) = (new(Journal, workers), new(Journal));
        Contents = new(Clock);
        Keeper = Activate();
    }

    public List<string> Journal { get; } = [];

    public FakeTimeProvider Clock { get; } = new(CalmCluster.Start);

    public MemoryStore<ServiceRecord> Store { get; }

    public FakeWorkers Workers { get; }

    public FakeDirectory Directory { get; }

    public MemoryContents Contents { get; }

    public FakeEvents Events { get; } = new();

    public FakeSchedules Schedules { get; } = new();

    public Logbook<ServiceKeeper> Log { get; } = new();

    public ServiceKeeper Keeper { get; set; }

    /// <summary>A keeper that begins anew on the same store, as after a move; the one before may linger.</summary>
    public ServiceKeeper Activate() => new(
        "web", Store.Open(),
        new ServicePorts(Workers, new FakeOrders(Journal), new FakeAnnouncements(Journal), Directory, new FakeAlarm(Journal),
            Contents.Store, Events, new FakeStackNews(Journal), Schedules),
        new ControlPlaneOptions(), Clock, Log);

    /// <summary>A service that runs on its workers, all of which have been heard; the journal is empty then.</summary>
    public static async Task<ServiceStage> Running(string spec, params string[] workers)
    {
        var stage = new ServiceStage(workers);
        await stage.Ask(Wish.Create(spec));
        var decided = stage.Store.Stored!.Instances;
        foreach (var worker in workers)
            await stage.Hear(worker, [.. decided.Where(it => it.Worker == worker).Select(it => (it.Name, Phase.Running))]);
        stage.Journal.Clear();
        return stage;
    }

    /// <summary>Time passes until what runs has proven good.</summary>
    public Task ProveGood()
    {
        Clock.Advance(new UpdatePolicy().Monitor);
        return Keeper.LookAgain("it has proven good");
    }

    public Task<ServiceAnswer> Ask(ServiceChange change, string? id = null, bool dryRun = false, FoundImage? image = null) =>
        Keeper.Change(new ServiceChangeRequest(id ?? $"request-{++requests}", change, dryRun, Image: image));

    /// <summary>A worker tells of one instance.</summary>
    public Task Report(string worker, string instance, Phase phase) => Tell(worker, complete: false, (instance, phase));

    /// <summary>A program has ended with 0.</summary>
    public Task Complete(string worker, string instance) => Keeper.Report(new()
    {
        Worker = worker, Service = "web", Sequence = ++sequence, Complete = false,
        Instances = [new InstanceReport { Instance = instance, Phase = Phase.Exited, ExitCode = 0, Cause = EndCause.Program }],
    });

    /// <summary>The same, and which image it runs.</summary>
    public Task ReportImage(string worker, string instance, ImageSeen image) => Keeper.Report(new()
    {
        Worker = worker, Service = "web", Sequence = ++sequence, Complete = false,
        Instances = [new InstanceReport { Instance = instance, Phase = Phase.Running, Image = image }],
    });

    /// <summary>A worker tells that nothing is left of an instance.</summary>
    public Task ReportGone(string worker, string instance) =>
        Keeper.Report(new() { Worker = worker, Service = "web", Sequence = ++sequence, Complete = false, Gone = [instance] });

    /// <summary>A worker tells all it has.</summary>
    public Task Hear(string worker, params (string Instance, Phase Phase)[] instances) => Tell(worker, complete: true, instances);

    /// <summary>What a worker answers to an order.</summary>
    public Task Refuse(string worker, string instance, Refusal why, long knownEpoch = 0) =>
        Keeper.Refused(new OrderRefused(instance, worker, new OrderAnswer { Refusal = why, Reason = $"{why}", KnownEpoch = knownEpoch }));

    /// <summary>The lines of the journal that begin so, and forgets all.</summary>
    public List<string> Take(params string[] beginnings)
    {
        var taken = Journal.Where(line => beginnings.Any(it => line.StartsWith(it, StringComparison.Ordinal))).ToList();
        Journal.Clear();
        return taken;
    }

    private Task Tell(string worker, bool complete, params (string Instance, Phase Phase)[] instances) => Keeper.Report(new ServiceReport
    {
        Worker = worker, Service = "web", Sequence = ++sequence, Complete = complete,
        Instances = [.. instances.Select(it => new InstanceReport { Instance = it.Instance, Phase = it.Phase })],
    });

    private static string Words(ServiceRecord record) =>
        $"epoch {record.Epoch}, revision {record.Revision}: {string.Join(", ", record.Instances.Select(Words))}".TrimEnd();

    private static string Words(InstanceRecord instance) => instance.Intent == Intent.Run ? instance.Name : $"{instance.Name} stops";
}
