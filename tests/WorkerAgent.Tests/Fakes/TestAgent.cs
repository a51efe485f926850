using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Discovery;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Lease;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>
/// The whole agent as it is set up in life, with its three edges (engine, control plane, clock) replaced; in reality only the control
/// plane.
/// </summary>
internal sealed class TestAgent : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder? ownFolder;
    private readonly ServiceProvider services;
    private readonly FakeLifetime lifetime = new();
    private IHostedService[] hosted = [];

    public TestAgent(FakeEngine? engine = null, FakeControlPlane? control = null, TemporaryFolder? folder = null,
        WorkerAgentOptions? options = null, bool inReality = false, FakeCatalog? catalog = null,
        IMachine? machine = null, IProbes? probes = null, IDisks? disks = null)
    {
        Clock = new UnevenTime(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        Engine = engine ?? new FakeEngine(Clock);
        Control = control ?? new FakeControlPlane();
        ownFolder = folder is null ? new TemporaryFolder() : null;
        options = (options ?? new WorkerAgentOptions { Name = "worker-a", Cpu = 4, Memory = "8Gi", MaxStarts = 4 }) with { DataFolder = (
            folder ?? ownFolder)!.Path };
        var collection = new ServiceCollection();
        if (catalog is not null) options = options with { Consul = "127.0.0.1:1" };
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        collection.AddSingleton(TimeProvider.System).AddSingleton<Func<double>>(() => 0.5);
        collection.AddWorkerAgent(options, new ConfigurationBuilder().Build());
        collection.Replace(ServiceDescriptor.Singleton<IControlPlane>(Control));
        if (catalog is not null) collection.Replace(ServiceDescriptor.Singleton<ICatalog>(catalog));
        if (probes is not null) collection.Replace(ServiceDescriptor.Singleton(probes));
        if (machine is not null) collection.Replace(ServiceDescriptor.Singleton(machine));
        if (!inReality)
        {
            collection.Replace(ServiceDescriptor.Singleton<IContainerEngine>(Engine));
            collection.Replace(ServiceDescriptor.Singleton<IEngineStorage>(Engine));
            collection.Replace(ServiceDescriptor.Singleton<IDisks>(Engine));
            collection.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        }

        if (disks is not null) collection.Replace(ServiceDescriptor.Singleton(disks));
        collection.AddSingleton<IHostApplicationLifetime>(lifetime);
        services = collection.BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }
    public FakeEngine Engine { get; }
    public FakeControlPlane Control { get; }
    public OrderDesk Desk => services.GetRequiredService<OrderDesk>();
    public InstanceBook Book => services.GetRequiredService<InstanceBook>();
    public Reporter Reporter => services.GetRequiredService<Reporter>();
    public EngineCondition Condition => services.GetRequiredService<EngineCondition>();
    public LeaseHolder Lease => services.GetRequiredService<LeaseHolder>();

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Starts everything, and waits until the agent has seen its containers and holds a lease when it can have one.</summary>
    public async Task<TestAgent> Start()
    {
        hosted = [.. services.GetServices<IHostedService>()];
        foreach (var part in hosted) await part.StartAsync(CancellationToken.None);
        if (Engine.Away) return this;
        await Eventually.Become(() => Condition.Known, known => known, Soon, "the engine is seen");
        if (!Control.Away) await Eventually.Become(() => Lease.Holds, holds => holds, Soon, "the lease is held");
        return this;
    }

    /// <summary>Starts everything while the engine cannot be reached.</summary>
    public Task<TestAgent> StartAway()
    {
        Engine.Away = true;
        return Start();
    }

    public void BeginShutdown() => lifetime.StopApplication();

    public Task<OrderAnswer> Run(string instance, ContainerSpec? spec = null, long epoch = 1) => Desk.Run(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch, Container = spec
            ?? new() { Image = "busybox-www:1", Ports = [new(80)] } }, CancellationToken.None);

    public Task<OrderAnswer> Stop(string instance, long epoch = 1, string reason = "surplus", double grace = 10, double delay = 0) =>
        Desk.Stop(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch, Reason = reason, Grace = TimeSpan.FromSeconds(grace),
            Delay = TimeSpan.FromSeconds(delay) }, CancellationToken.None);

    public Task<OrderAnswer> Forget(string instance, long epoch = 1, bool withdrawn = false) => Desk.Forget(
        new() { Service = ServiceOf(instance), Instance = instance, Epoch = epoch, Withdrawn = withdrawn }, CancellationToken.None);

    /// <summary>Waits until this is what the control plane believes of this worker's instances, in short.</summary>
    public Task Believed(params string[] expected) => Eventually.Become(
        () => Control.Summary.ToValueList(), seen =>
            seen.Equals(expected.ToValueList()), Soon, $"the control plane believes [{string.Join(", ", expected)}]");

    /// <summary>Waits until the control plane believes this of one instance.</summary>
    public async Task<InstanceReport> Believed(string instance, Func<InstanceReport, bool> condition, string what) => (await Until(
        () => Control.Believes.GetValueOrDefault(instance), it => it is not null && condition(it), $"{instance}: {what}"))!;

    public static Task<T> Until<T>(Func<T> look, Func<T, bool> condition, string what) =>
        Eventually.Become(look, condition, Soon, what, TestContext.Current.CancellationToken);

    /// <summary>The same, where looking takes time.</summary>
    public static Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> condition, string what) =>
        Eventually.Become(look, condition, Soon, what, TestContext.Current.CancellationToken);

    /// <summary>Moves the clock on in small steps until the condition holds: periodic work then happens as in life.</summary>
    public Task PassTime(TimeSpan step, Func<bool> until, string what) => PassTime(step, until, done => done, what);

    /// <summary>The same; a failure shows what was seen last.</summary>
    public async Task PassTime<T>(TimeSpan step, Func<T> look, Func<T, bool> until, string what)
    {
        await Eventually.Become(() =>
        {
            Clock.Advance(step);
            return Task.FromResult(look());
        }, until, Soon, what);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in hosted.Reverse()) await part.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
        lifetime.Dispose();
        ownFolder?.Dispose();
    }

    private static string ServiceOf(string instance) => InstanceName.TryParse(instance, out var name) ? name.Service : "web";
}
