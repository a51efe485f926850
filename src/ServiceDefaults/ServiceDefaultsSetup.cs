using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.ServiceDefaults.Hosting;
using Orchestrator.ServiceDefaults.Logging;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ServiceDefaults;

/// <summary>What every process shares, whatever it does.</summary>
public static class ServiceDefaultsSetup
{
    /// <param name="service">The kind of process, the same for all of its kind.</param>
    /// <param name="instance">Which one of them it is: the member's name.</param>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A setting is wrong; the message names it.</exception>
    public static void AddServiceDefaults(this WebApplicationBuilder builder, string service, string instance)
    {
        var options = ServiceDefaultsOptions.Read(builder.Configuration);
        // Where time and chance come in; whoever needs them takes them from here.
        builder.Services.TryAddSingleton(TimeProvider.System);
#pragma warning disable RS0030
        builder.Services.TryAddSingleton<Func<double>>(Random.Shared.NextDouble);
#pragma warning restore RS0030
        builder.Logging.AddLog(options.LogFormat);
        builder.Services.AddTelemetry(service, instance, options.OtlpEndpoint is not null);
        builder.Services.AddHealthChecks();
        builder.Services.AddLoop<UnusedMemory>();
    }

    /// <summary>What is asked of every process from outside: whether it is well, and its figures.</summary>
    public static void MapServiceDefaults(this WebApplication app)
    {
        app.MapHealthChecks(QuietPaths.Health).DisableHttpMetrics();
        app.MapPrometheusScrapingEndpoint(QuietPaths.Metrics).DisableHttpMetrics();
    }
}
