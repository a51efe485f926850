using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MudBlazor.Services;
using Orchestrator.Dashboard.Live;
using Orchestrator.Dashboard.Shell;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard;

/// <summary>The live page: what a master does to serve it. While nobody looks it asks nobody anything.</summary>
public static class DashboardSetup
{
    private const int LargestMessage = 256 << 10;

    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions options)
    {
        services.AddSingleton(options).AddSingleton<PageFiles>().AddSingleton<KnownMasters>();
        services.AddScoped<Visit>().AddScoped<MembersFeed>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddRazorComponents().AddInteractiveServerComponents(Circuits).AddHubOptions(Hub);
        services.AddMudServices();
        services.KeepNoKeys();
        return services;
    }

    /// <summary>The pages, the connection behind them and their files. Pages other than the first are below <c>/ui</c>.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapPageFiles();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(it => it.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>Somebody who has left without a word is waited for as long as a short cut of the network lasts.</summary>
    private static void Circuits(CircuitOptions circuits)
    {
        circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromSeconds(20);
        circuits.DisconnectedCircuitMaxRetained = 20;
        circuits.PersistedCircuitInMemoryMaxRetained = 0;
    }

    private static void Hub(HubOptions hub)
    {
        hub.MaximumReceiveMessageSize = LargestMessage;
        hub.KeepAliveInterval = TimeSpan.FromSeconds(5);
        hub.ClientTimeoutInterval = TimeSpan.FromSeconds(15);
    }

    /// <summary>What Blazor protects does not outlive the connection: no key is kept, and no home folder is looked into for one.</summary>
    private static void KeepNoKeys(this IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(_ => new EphemeralDataProtectionProvider()));
        var keeping = services.Where(it => it.ServiceType == typeof(IHostedService)
            && it.ImplementationType?.Assembly == typeof(EphemeralDataProtectionProvider).Assembly).ToList();
        foreach (var service in keeping) services.Remove(service);
    }
}
