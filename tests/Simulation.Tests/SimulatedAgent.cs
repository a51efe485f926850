using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.Simulation.Tests;

/// <summary>
/// One life of an agent's process, set up as in life; only its edges (engine, disk, machine, clock, network) are simulated.
/// </summary>
internal sealed class SimulatedAgent
{
    private readonly ServiceProvider services;

    public SimulatedAgent(SimulatedCluster cluster, SimulatedProcess process, string name, IMachine machine, IContainerEngine engine,
        IStorage disk)
    {
        Process = process;
        var collection = new ServiceCollection();
        collection.AddSingleton(cluster).AddSingleton(typeof(ILogger<>), typeof(LoudLog<>));
        collection.AddSingleton<FakeLifetime>().AddSingleton<IHostApplicationLifetime>(s => s.GetRequiredService<FakeLifetime>());
        collection.AddSingleton(process.Clock).AddSingleton(cluster.Dice.Another());
        collection.AddWorkerAgent(new WorkerAgentOptions
        {
            Name = name, Port = 1, Beat = cluster.Tempo.Beat, CompleteReportEvery = cluster.Tempo.MakeSure,
        }, new ConfigurationBuilder().Build());
        collection.Replace(ServiceDescriptor.Singleton(engine));
        collection.Replace(ServiceDescriptor.Singleton<IEngineStorage>(new UnknownStorage()));
        collection.Replace(ServiceDescriptor.Singleton(disk));
        collection.Replace(ServiceDescriptor.Singleton(machine));
        collection.Replace(ServiceDescriptor.Singleton<IControlPlane>(
            new ActorControlPlane(new SimulatedProxies(cluster, process), process.Clock)));
        services = collection.BuildServiceProvider();
        process.Do(async () =>
        {
            foreach (var part in services.GetServices<IHostedService>()) await part.StartAsync(CancellationToken.None);
        });
    }

    public SimulatedProcess Process { get; }

    /// <summary>The process is told to stop; it ends when its parts have.</summary>
    public void Stop() => Process.Do(async () =>
    {
        services.GetRequiredService<FakeLifetime>().StopApplication();
        foreach (var part in services.GetServices<IHostedService>().Reverse()) await part.StopAsync(CancellationToken.None);
        Process.Kill();
    });

    public Task<OrderAnswer> Take(Order order)
    {
        var desk = services.GetRequiredService<OrderDesk>();
        return order switch
        {
            RunInstance run => desk.Run(run, CancellationToken.None),
            PrepareInstance prepare => desk.Prepare(prepare, CancellationToken.None),
            StopInstance stop => desk.Stop(stop, CancellationToken.None),
            ForgetInstance forget => desk.Forget(forget, CancellationToken.None),
            _ => throw new NotSupportedException(order.GetType().Name),
        };
    }

    public void Hear(Announcement announcement)
    {
        if (announcement.Kind == AnnouncementKind.RollCall) services.GetRequiredService<Reporter>().TellAllOf(announcement.Service);
    }
}
