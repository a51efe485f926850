using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Api;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Members;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ControlPlane.Workers;

namespace Orchestrator.ControlPlane;

internal static class ControlPlaneSetup
{
    public static IServiceCollection AddControlPlane(this IServiceCollection services, ControlPlaneOptions options)
    {
        services.AddSingleton(options).AddSingleton(TimeProvider.System);
        services.ConfigureHttpJsonOptions(json => ContractsJson.Configure(json.SerializerOptions));
        services.AddMetrics().AddSingleton<ControlPlaneMetrics>();
        services.AddProblems();
        services.AddOpenApi();
        services.AddDaprClient(dapr => dapr.UseJsonSerializationOptions(ContractsJson.Options));
        services.AddActors(actors =>
        {
            // Records have no parameterless constructors and weak calls lose errors: strong calls with JSON, on both sides.
            actors.UseJsonSerialization = true;
            actors.JsonSerializerOptions = ContractsJson.Options;
            actors.ActorIdleTimeout = TimeSpan.FromMinutes(60);
            actors.DrainOngoingCallTimeout = TimeSpan.FromSeconds(2);
            actors.DrainRebalancedActors = true;
            actors.Actors.RegisterActor<MemberRegistry>(DaprNames.MemberRegistry);
            actors.Actors.RegisterActor<ServiceDirectory>(DaprNames.ServiceDirectory);
            actors.Actors.RegisterActor<ServiceMaster>(DaprNames.ServiceMaster);
        });
        services.AddSingleton<ActorCalls>().AddSingleton<WorkerTable>().AddSingleton<Orders>().AddSingleton<LookAgainQueue>().AddSingleton<Announcer>();
        services.AddHostedService<MasterHeartbeat>().AddHostedService<LookAgain>().AddHostedService<Sweep>();
        return services;
    }
}
