using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.ServiceDefaults.Hosting;

namespace Orchestrator.ServiceDefaults.Sidecars;

public static class SidecarSetup
{
    /// <summary>Watches the sidecar that the configuration names; where it names none, nothing is known of it.</summary>
    /// <param name="reachesAnyActor">See <see cref="ISidecar.ReachesAnyActor"/>.</param>
    public static IServiceCollection AddSidecarWatch(
        this IServiceCollection services, IConfiguration configuration,
        Func<IServiceProvider, CancellationToken, Task<bool>> reachesAnyActor)
    {
        services.AddSingleton<SidecarHealth>();
        if (DaprSidecar.Client(configuration) is not { } http) return services;
        services.AddSingleton(MachineTurn.OfSidecars);
        services.AddSingleton<ISidecar>(s =>
            new DaprSidecar(http, s.GetRequiredService<TimeProvider>(), cancel => reachesAnyActor(s, cancel)));
        return services.AddLoop<SidecarWatch>();
    }
}
