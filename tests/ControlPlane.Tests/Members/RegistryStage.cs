using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Members;

/// <summary>The keeper of the registry with store, alarm and clock played; the journal tells what it saved and whom it woke.</summary>
internal sealed class RegistryStage
{
    private long sequence;

    public RegistryStage()
    {
        Store = new(saved => Journal.Add($"saves {string.Join(", ", saved.Workers.Select(Words))}"));
        Keeper = Activate();
    }

    public List<string> Journal { get; } = [];

    public FakeTimeProvider Clock { get; } = new(CalmCluster.Start);

    public MemoryStore<MemberRecord> Store { get; }

    public FakeEvents Events { get; } = new();

    public Logbook<RegistryKeeper> Log { get; } = new();

    public RegistryKeeper Keeper { get; set; }

    public static string Words(WorkerHealth health) => health.ToString().ToLowerInvariant();

    public RegistryKeeper Activate() => new(Store.Open(), new FakeAlarm(Journal), Events, new ControlPlaneOptions(), Clock, Log);

    public Task<LeaseAnswer> Renew(string worker, params string[] services) => Keeper.Renew(Report(worker, ++sequence, services));

    /// <summary>Time passes, in which these renew in every second and at the end.</summary>
    public async Task Pass(double seconds, params string[] workers)
    {
        for (var left = seconds; left > 0; left--)
        {
            Clock.Advance(TimeSpan.FromSeconds(Math.Min(left, 1)));
            foreach (var worker in workers) await Renew(worker);
        }
    }

    public async Task<string> Health() => string.Join(", ", (await Keeper.Members()).Members.Select(it => $"{it.Name} {Words(it.Status)}"));

    public static WorkerReport Report(string worker, long sequence, params string[] services) => new()
    {
        Name = worker, Incarnation = 1, Sequence = sequence, Address = "10.0.0.1", Services = [.. services],
        Capacity = new WorkerCapacity(8, ByteSize.Mi(8192)),
        Load = new WorkerLoad { Instances = services.Length, Reserved = new ResourceAmount(services.Length) },
    };

    private static string Words(KnownWorker worker) =>
        $"{worker.Name}{(worker.Draining ? " draining" : "")}{(worker.DeclaredLost ? " lost" : "")}";
}
