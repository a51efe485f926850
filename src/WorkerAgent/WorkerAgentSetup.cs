using Orchestrator.Contracts;
using Orchestrator.Contracts.Actors;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.ServiceDefaults.Sidecars;
using Orchestrator.WorkerAgent.Discovery;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Exec;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Housekeeping;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Lease;
using Orchestrator.WorkerAgent.Logs;
using Orchestrator.WorkerAgent.Looking;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Orders;
using Orchestrator.WorkerAgent.Reports;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Storage;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent;

/// <summary>
/// The parts of the agent. Hosted ones stop in reverse order: first no more orders are taken, last the keeper lets go of its containers.
/// </summary>
internal static class WorkerAgentSetup
{
    public static IServiceCollection AddWorkerAgent(
        this IServiceCollection services, WorkerAgentOptions options, IConfiguration configuration)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => new DataFolder(options.OwnFolder));
        services.AddSingleton<IStorage>(s => s.GetRequiredService<DataFolder>());
        services.ConfigureHttpJsonOptions(json => ContractsJson.Configure(json.SerializerOptions));
        services.AddMetrics().AddSingleton<WorkerMetrics>();

        services.AddSingleton<DockerEngine>();
        services.AddSingleton<IContainerEngine>(s => s.GetRequiredService<DockerEngine>());
        services.AddSingleton<IEngineStorage>(s => s.GetRequiredService<DockerEngine>());
        services.AddSingleton<PulledImages>();
        services.AddSingleton<EngineCondition>();
        services.AddSingleton<EngineGates>();
        services.AddSingleton<CredentialHelpers>().AddSingleton<ImagePulls>();
        services.AddSingleton<ContentFiles>().AddSingleton<ContentDelivery>();
        services.AddSingleton<InstanceBook>();
        services.AddSingleton<KeptContainers>();
        services.AddSingleton<InstanceSteps>();
        services.AddSingleton<InstanceKeeper>().AddHostedService(s => s.GetRequiredService<InstanceKeeper>());
        services.AddSingleton<EngineHttp>();
        services.AddSingleton<IContainerLogs, DockerLogs>().AddSingleton<InstanceLogs>();
        services.AddSingleton<IEngineView, DockerView>().AddSingleton<LookingGlass>();
        services.AddSingleton<IEngineExec, DockerExec>();
        services.AddLoop<ExecDesk>();
        services.AddDiscovery(options);
        services.AddSingleton<IProbes, Probes>();
        services.AddLoop<Prober>();

        var actors = ActorControlPlane.Factory(configuration);
        services.AddSidecarWatch(configuration, (s, cancel) => AnyActor.Answers(actors, s.GetRequiredService<TimeProvider>(), cancel));
        services.AddSingleton<IControlPlane>(s => new WatchedControlPlane(
            new ActorControlPlane(actors, s.GetRequiredService<TimeProvider>()), s.GetRequiredService<SidecarHealth>()));
        services.AddSingleton<ControlPlaneContent>();
        services.AddSingleton<IContentSource>(s => s.GetRequiredService<ControlPlaneContent>());
        services.AddSingleton<IRegistryLogins>(s => s.GetRequiredService<ControlPlaneContent>());
        services.AddSingleton<Sequence>().AddSingleton<OldestOrder>();
        services.AddLoop<Reporter>();

        services.AddSingleton<IMachine, ThisMachine>();
        services.AddSingleton<IDisks, TheseDisks>();
        services.AddSingleton<ImageCleaner>();
        services.AddSingleton<NamedVolumes>();
        services.AddLoop<DiskWatch>();
        services.AddSingleton<LeaseHolder>();
        services.AddLoop<Beat>();

        services.AddSingleton<IMachineTime>(s => s.GetRequiredService<IMachine>());
        services.AddSingleton<Guarded>();
        services.AddSingleton<EndNotes>();
        services.AddSingleton<Restarts>();
        services.AddSingleton<Adoption>();
        services.AddLoop<EngineWatcher>();
        services.AddLoop<ImageList>();
        services.AddLoop<Prefetch>();

        services.AddSingleton<Fence>();
        services.AddSingleton<EndedInstances>();
        services.AddSingleton<OrderDesk>();
        // The last one: it stops first.
        services.AddHostedService<HandBack>();
        return services;
    }

    private static void AddDiscovery(this IServiceCollection services, WorkerAgentOptions options)
    {
        if (options.ConsulUri is not { } consul)
        {
            services.AddSingleton<IDepartures, NoDepartures>();
            return;
        }

        services.AddHttpClient<ICatalog, ConsulCatalog>(http =>
        {
            http.BaseAddress = consul;
            if (options.ConsulToken is { Length: > 0 } token) http.DefaultRequestHeaders.Add("X-Consul-Token", token);
        }).AddPatience();
        services.AddLoop<Publisher>().AddLoop<Sweeper>();
        services.AddSingleton<IDepartures>(s => s.GetRequiredService<Publisher>());
    }
}
