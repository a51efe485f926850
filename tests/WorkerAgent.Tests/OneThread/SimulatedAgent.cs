using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Discovery;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.OneThread;

/// <summary>
/// A machine in simulated time: its engine and its disk go on, and the agent, whole as it is set up in life, is killed and begun again as
/// one likes.
/// </summary>
internal sealed class SimulatedAgent
{
    private static readonly ContainerSpec Plain = new() { Image = "busybox-www:1", Ports = [new(80)] };

    private readonly SimulatedTime time;
    private readonly Random dice;
    private readonly MemoryStorage storage = new();
    private readonly FakeCatalog? catalog;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private SimulatedProcess process;
    private ServiceProvider services;

    public SimulatedAgent(SimulatedTime time, int seed, FakeCatalog? catalog = null)
    {
        (this.time, this.catalog, dice) = (time, catalog, new Random(seed));
        Engine = new FakeEngine(time.Start("engine").Clock) { Asked = Write };
        Control = new FakeControlPlane
        {
            Told = report => Write($"report {report.Sequence} {report.Service}: {report.Instances} gone {report.Gone}"),
            Renewed = report => Write($"beat {report.Sequence}"),
        };
        (process, services) = Begin();
    }

    public FakeEngine Engine { get; }

    public FakeControlPlane Control { get; }

    /// <summary>Everything that it asked, with the time.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>What was asked on another thread than the simulation's; nothing ever should be.</summary>
    public ConcurrentQueue<string> Strayed { get; } = [];

    public InstanceBook Book => services.GetRequiredService<InstanceBook>();

    /// <summary>The agent's process dies as by kill -9, and begins again.</summary>
    public void Restart()
    {
        Write("restart");
        process.Kill();
        (process, services) = Begin();
    }

    public void Run(string instance, ContainerSpec? spec = null, long epoch = 1) => Take(instance, desk => desk.Run(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch, Container = spec ?? Plain }, CancellationToken.None));

    public void Stop(string instance, double delay = 0, long epoch = 1) => Take(instance, desk => desk.Stop(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch, Delay = TimeSpan.FromSeconds(delay) },
        CancellationToken.None));

    public void Forget(string instance, long epoch = 1) => Take(instance, desk => desk.Forget(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch }, CancellationToken.None));

    private void Take(string instance, Func<OrderDesk, Task<OrderAnswer>> order) => process.Do(async () =>
    {
        var answer = await order(services.GetRequiredService<OrderDesk>());
        Write($"{instance}: {answer.Refusal} {answer.Reason}");
    });

    private (SimulatedProcess Process, ServiceProvider Services) Begin()
    {
        var agent = time.Start("agent");
        var collection = new ServiceCollection().AddLogging();
        var options = new WorkerAgentOptions { Name = "worker-a", Consul = catalog is null ? null : "127.0.0.1:1" };
        collection.AddWorkerAgent(options, new ConfigurationBuilder().Build());
        collection.Replace(ServiceDescriptor.Singleton<TimeProvider>(agent.Clock));
#pragma warning disable CA5394 // A seed, not a secret.
        collection.Replace(ServiceDescriptor.Singleton<Func<double>>(dice.NextDouble));
#pragma warning restore CA5394
        collection.Replace(ServiceDescriptor.Singleton<IStorage>(storage));
        collection.Replace(ServiceDescriptor.Singleton<IMachine>(new QuietMachine()));
        collection.Replace(ServiceDescriptor.Singleton<IContainerEngine>(Engine));
        collection.Replace(ServiceDescriptor.Singleton<IEngineStorage>(Engine));
        collection.Replace(ServiceDescriptor.Singleton<IDisks>(Engine));
        collection.Replace(ServiceDescriptor.Singleton<IControlPlane>(Control));
        if (catalog is not null) collection.Replace(ServiceDescriptor.Singleton<ICatalog>(catalog));
        collection.AddSingleton<IHostApplicationLifetime>(new FakeLifetime());
        var provider = collection.BuildServiceProvider();
        agent.Do(async () =>
        {
            foreach (var part in provider.GetServices<IHostedService>()) await part.StartAsync(CancellationToken.None);
        });
        return (agent, provider);
    }

    private void Write(string what)
    {
        if (Environment.CurrentManagedThreadId == thread) Journal.Add($"{time.Now} {what}");
        else Strayed.Enqueue(what);
    }

    private static string ServiceOf(string instance) => InstanceName.TryParse(instance, out var name) ? name.Service : "web";
}
