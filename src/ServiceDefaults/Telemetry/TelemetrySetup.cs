using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orchestrator.ServiceDefaults.Telemetry;

internal static class TelemetrySetup
{
    private static readonly string? Version = typeof(TelemetrySetup).Assembly.GetName().Version?.ToString(3);

    /// <summary>Room for all series of an instrument is taken beforehand; ours have a handful, not the 2,000 of the default.</summary>
    private static readonly MetricStreamConfiguration Small = new() { CardinalityLimit = 100 };

    /// <param name="sent">Whether somebody is there to send to. If not, metrics wait to be asked for, and no trace is made.</param>
    public static void AddTelemetry(this IServiceCollection services, string service, string instance, bool sent)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceVersion: Version, serviceInstanceId: instance))
            .WithMetrics(metrics => metrics.AddOurs().AddPrometheusExporter());
        if (sent) telemetry.WithMetrics(metrics => metrics.AddOtlpExporter()).WithTracing(traces => traces.AddOurs().AddOtlpExporter());
    }

    private static MeterProviderBuilder AddOurs(this MeterProviderBuilder metrics) => metrics
        .AddMeter(OrchestratorTelemetry.Name, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "System.Runtime")
        .AddView(static _ => Small);

    private static TracerProviderBuilder AddOurs(this TracerProviderBuilder traces) => traces
        .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !QuietPaths.Contain(context.Request.Path))
        .AddHttpClientInstrumentation()
        .AddSource(OrchestratorTelemetry.Name);
}
