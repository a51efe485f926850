using System.Text.Json.Serialization;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Actors;
using Orchestrator.ControlPlane.Alarms;
using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Backups;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Events;
using Orchestrator.ControlPlane.Looking;
using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Settings;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ControlPlane.Workflows;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Sidecars;

namespace Orchestrator.ControlPlane;

internal static class ControlPlaneSetup
{
    public static IServiceCollection AddControlPlane(
        this IServiceCollection services, ControlPlaneOptions options, IConfiguration configuration)
    {
        services.AddSingleton(options);
        services.ConfigureHttpJsonOptions(json =>
        {
            ContractsJson.Configure(json.SerializerOptions);
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddMetrics().AddSingleton<ControlPlaneMetrics>();
        services.AddProblems();
        services.AddDescription();
        services.AddDaprClient(dapr => dapr.UseJsonSerializationOptions(ContractsJson.Options));
        services.AddActors();
        services.AddSidecarWatch(configuration, (s, cancel) =>
            AnyActor.Answers(s.GetRequiredService<IActorProxyFactory>(), s.GetRequiredService<TimeProvider>(), cancel));
        services.AddContent(options);
        services.AddPorts();
        services.AddLooking();
        services.AddBackups();
        services.AddWorkflows();
        services.AddLoop<MasterHeartbeat>().AddLoop<WakeUpCalls>().AddLoop<Sweep>().AddLoop<ContentRollouts>();
        return services;
    }

    private static void AddActors(this IServiceCollection services) => services
        .AddSingleton<ActorActivatorFactory, Activators>().AddActors(actors =>
    {
        // Records have no parameterless constructors and weak calls lose errors: strong calls with JSON, on both sides.
        actors.UseJsonSerialization = true;
        actors.JsonSerializerOptions = ContractsJson.Options;
        actors.ActorIdleTimeout = TimeSpan.FromMinutes(60);
        actors.DrainOngoingCallTimeout = TimeSpan.FromSeconds(2);
        actors.DrainRebalancedActors = true;
        actors.Actors.RegisterActor<MemberRegistry>(DaprNames.MemberRegistry);
        actors.Actors.RegisterActor<ServiceDirectory>(DaprNames.ServiceDirectory);
        actors.Actors.RegisterActor<EventLog>(DaprNames.EventLog);
        actors.Actors.RegisterActor<ServiceMaster>(DaprNames.ServiceMaster);
        actors.Actors.RegisterActor<StackMaster>(DaprNames.StackMaster);
    });

    private static void AddContent(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddSingleton<ISeal>(_ => new KeyRing(options.SecretKeys));
        services.AddSingleton<IContentValues, ContentValues>();
        services.AddSingleton<ISecretStores, SecretStores>();
        services.AddSingleton<Func<IStoredRecord<ContentRecord>>>(s =>
            () => ActivatorUtilities.CreateInstance<StoredRecord<ContentRecord>>(s, "contents"));
        services.AddSingleton<ContentStore>();
        services.AddSingleton<ImageFinder>();
        services.AddSingleton<ServiceLines>();
    }

    /// <summary>What is told of instances by those that have them.</summary>
    private static void AddLooking(this IServiceCollection services) => services
        .AddSingleton<IWorkerLines>(s => new WorkerLines(s.GetRequiredService<DaprClient>(), s.GetRequiredService<TimeProvider>()))
        .AddSingleton<Whereabouts>().AddSingleton<ServiceLogs>().AddSingleton<InstanceLooks>();

    /// <summary>Parts are restored in the order in which they stand here.</summary>
    private static void AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<IBackupPart>(s => new ContentPart(ContentKind.Secret, s.GetRequiredService<ContentStore>()));
        services.AddSingleton<IBackupPart>(s => new ContentPart(ContentKind.Config, s.GetRequiredService<ContentStore>()));
        services.AddSingleton<IBackupPart, RegistriesPart>();
        services.AddSingleton<IBackupPart>(s => new StacksPart(
            s.GetRequiredService<ActorCalls>(), s.GetRequiredService<IStackList>(),
            stack => ActivatorUtilities.CreateInstance<StoredRecord<StackRecord>>(s, StoredStacks.Key(stack))));
        services.AddSingleton<StoredServices>().AddSingleton<IBackupPart, ServicesPart>();
        services.AddSingleton<BackupKeeper>().AddLoop<BackupSchedule>();
    }

    /// <summary>What the keepers see of the world, and what carries it.</summary>
    private static void AddPorts(this IServiceCollection services)
    {
        services.AddSingleton<StoreHealth>().AddSingleton<StoreCheck>();
        services.AddSingleton<ActorCalls>();
        services.AddSingleton<IServiceCalls>(s => s.GetRequiredService<ActorCalls>());
        services.AddSingleton<IRegistryCalls>(s => s.GetRequiredService<ActorCalls>());
        services.AddSingleton<IDirectoryCalls>(s => s.GetRequiredService<ActorCalls>());
        services.AddSingleton<IDirectory>(s => ActivatorUtilities.CreateInstance<DirectoryPost>(
            s, new DirectoryPost.Sender(s.GetRequiredService<ControlPlaneOptions>().MemberName, Guid.CreateVersion7().ToString("N")),
            s.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<IEventCalls>(s => s.GetRequiredService<ActorCalls>());
        services.AddSingleton<IEvents>(s => ActivatorUtilities.CreateInstance<EventPost>(
            s, s.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<EventFeed>();
        services.AddSingleton<AlarmClock>().AddSingleton<IAlarm>(s => s.GetRequiredService<AlarmClock>());
        services.AddSingleton<IAnnouncements, Announcements>();
        services.AddSingleton(s =>
        {
            var table = ActivatorUtilities.CreateInstance<WorkerTable>(s);
            s.GetRequiredService<ControlPlaneMetrics>().ObserveWorkers(() => table.Known);
            return table;
        }).AddSingleton<IWorkers>(s => s.GetRequiredService<WorkerTable>());
        services.AddSingleton(s => new OrderTransport(s.GetRequiredService<DaprClient>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IImageTransport>(s => s.GetRequiredService<OrderTransport>());
        services.AddSingleton<IVolumeTransport>(s => s.GetRequiredService<OrderTransport>());
        services.AddSingleton<IOrderTransport>(s =>
            new MeasuredOrders(s.GetRequiredService<OrderTransport>(), s.GetRequiredService<ControlPlaneMetrics>()));
        services.AddSingleton<IOrders>(
            s => ActivatorUtilities.CreateInstance<OrderSender>(s, s.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
        services.AddSingleton<ServicePorts>();
        services.AddSingleton<IStackList>(s => new StoredStacks(
            () => ActivatorUtilities.CreateInstance<StoredRecord<StoredStacks.Listed>>(s, StoredStacks.ListKey)));
        services.AddSingleton<StackPorts>();
        services.AddSingleton<WorkerHolds>().AddSingleton(s => new MaintenanceStore(
            () => ActivatorUtilities.CreateInstance<StoredRecord<MaintenanceRecord>>(s, MaintenanceStore.Key)));
        services.AddSingleton<StackServices>().AddSingleton<StackPlans>().AddSingleton<StackCalls>();
    }
}
