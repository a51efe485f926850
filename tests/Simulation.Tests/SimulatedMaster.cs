using Microsoft.Extensions.Logging;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.Testing;

namespace Orchestrator.Simulation.Tests;

/// <summary>The process of one master: everything that runs in it in life, on simulated time and network.</summary>
internal sealed class SimulatedMaster
{
    private static readonly ControlPlaneMetrics Metrics = new(NoMeters.Instance);

    private readonly SimulatedCluster cluster;

    public SimulatedMaster(SimulatedCluster cluster, string name)
    {
        this.cluster = cluster;
        Process = cluster.Time.Start(name, cluster.AnyClock());
        Options = new ControlPlaneOptions
        {
            MemberName = name,
            PublicUrl = $"http://{name}",
            Beat = cluster.Tempo.Beat,
            RemindEvery = cluster.Tempo.MakeSure,
            SweepEvery = cluster.Tempo.MakeSure,
            Liveness = new LivenessRules { SuspectAfter = cluster.Tempo.Beat * 2.5, LostAfter = cluster.Tempo.Beat * 5 },
        };
        Alarms = new AlarmClock(Process.Clock);
        var sidecar = new SidecarHealth(Process.Clock);
        Actors = new ActorCalls(
            new SimulatedProxies(cluster, Process), Metrics, sidecar, Process.Clock, cluster.Dice.Another(), Log<ActorCalls>());
        var workers = new WorkerTable(Actors, Process.Clock);
        var orders = new OrderSender(
            new Transport(cluster, Process), Actors, Actors, Alarms, Process.Clock, Log<OrderSender>(), CancellationToken.None);
        var directory = new DirectoryPost(
            Actors, new DirectoryPost.Sender(name, "only life"), Process.Clock, Log<DirectoryPost>(), CancellationToken.None);
        // No service here has secrets or configs, and no registry a login.
        var contents = new ContentStore(
            () => cluster.Store.Of<ContentRecord>("contents", Process), values: null!, stores: null!, seal: null!, Process.Clock);
        Ports = new ServicePorts(workers, orders, new Announcer(cluster, Process), directory, Alarms, contents,
            new EventPost(Actors, Process.Clock, Log<EventPost>(), CancellationToken.None), new NoStacks(), new NoFollowers());
        Process.Do(() => new WakeUpCalls(Alarms, Actors, Log<WakeUpCalls>()).Run(CancellationToken.None));
        Process.Do(() => new Sweep(directory, workers, Alarms, Options, Process.Clock, cluster.Dice.Another(), Log<Sweep>())
            .Run(CancellationToken.None));
        Process.Do(() => new MasterHeartbeat(Actors, sidecar, Options, Process.Clock, Log<MasterHeartbeat>()).Run(CancellationToken.None));
    }

    public SimulatedProcess Process { get; }

    public ControlPlaneOptions Options { get; }

    public AlarmClock Alarms { get; }

    public ActorCalls Actors { get; }

    public ServicePorts Ports { get; }

    public ILogger<T> Log<T>() => new LoudLog<T>(cluster);

    /// <summary>That a moment has come is told by whoever makes wishes.</summary>
    private sealed class NoFollowers : ISchedules
    {
        public void Follow(string service, string told, bool isLate)
        {
        }

        public void Leave(string service)
        {
        }

        public string? ProblemOf(string service) => null;
    }

    private sealed class Transport(SimulatedCluster cluster, SimulatedProcess from) : IOrderTransport
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

        public async Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel)
        {
            var to = cluster.Workers.First(w => w.Name == worker);
            try
            {
                return await cluster.Network.Ask(from, to.Agent, () => to.Take(order)).WaitAsync(Deadline, from.Clock, cancel);
            }
            catch (Exception e) when (e is HttpRequestException or TimeoutException)
            {
                throw new NoAnswerException(worker, e);
            }
        }
    }

    private sealed class Announcer(SimulatedCluster cluster, SimulatedProcess from) : IAnnouncements
    {
        public Task Tell(Announcement announcement)
        {
            foreach (var worker in cluster.Workers) cluster.Network.Tell(from, worker.Agent, () => worker.Hear(announcement));
            return Task.CompletedTask;
        }
    }

    /// <summary>No service here belongs to a stack.</summary>
    private sealed class NoStacks : IStackNews
    {
        public void Tell(string stack) => throw new InvalidOperationException($"there is no stack {stack}");
    }
}
