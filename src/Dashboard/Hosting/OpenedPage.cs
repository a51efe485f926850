using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;
using Orchestrator.Dashboard.Live;
using Orchestrator.Dashboard.Shell;
using Orchestrator.Dashboard.Visits;

namespace Orchestrator.Dashboard.Hosting;

internal static class OpenedPage
{
    private const int LargestMessage = 256 << 10;

    public static Opened Open(IServiceProvider master)
    {
        var services = new ServiceCollection();
        services.Share<ILoggerFactory>(master).Share<IConfiguration>(master).Share<IWebHostEnvironment>(master)
            .Share<IHostEnvironment>(master).Share<IHostApplicationLifetime>(master).Share<TimeProvider>(master)
            .Share<DiagnosticListener>(master).Share<DiagnosticSource>(master).Share<IMeterFactory>(master).Share<DashboardOptions>(master);
        services.AddLogging().AddRouting();
        services.AddRazorComponents().AddInteractiveServerComponents(Circuits).AddHubOptions(Hub);
        services.AddMudServices();
        services.AddSingleton<PageFiles>().AddSingleton<KnownMasters>().AddSingleton<Viewers>();
        services.AddScoped<CircuitHandler>(it => it.GetRequiredService<Viewers>());
        services.AddScoped<Visit>().AddScoped<MembersFeed>();
        // What Blazor protects does not outlive the connection: no key is kept, and no home folder is looked into for one.
        services.Replace(ServiceDescriptor.Singleton<IDataProtectionProvider>(_ => new EphemeralDataProtectionProvider()));
        var provider = services.BuildServiceProvider();
        return new(provider, Pipeline(new ApplicationBuilder(provider)));
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate Pipeline(IApplicationBuilder app) => app
        .UseRouting().UseAntiforgery().UseEndpoints(routes =>
        {
            routes.MapPageFiles();
            routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(it => it.ContentSecurityFrameAncestorsPolicy = null);
        }).Build();

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

    /// <summary>It stays the master's, which disposes of it.</summary>
    private static ServiceCollection Share<T>(this ServiceCollection services, IServiceProvider master) where T : class
    {
        if (master.GetService<T>() is { } shared) services.AddSingleton(shared);
        return services;
    }
}
