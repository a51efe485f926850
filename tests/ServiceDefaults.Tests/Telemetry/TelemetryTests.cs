using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.ServiceDefaults.Telemetry;
using Orchestrator.Testing;

namespace Orchestrator.ServiceDefaults.Tests.Telemetry;

/// <summary>Sources of spans belong to the whole process: one test at a time.</summary>
public sealed class TelemetryTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Every_process_says_that_it_is_well()
    {
        await using var app = await App.Start(_ => { });
        Assert.Equal("Healthy", await app.Get("/healthz"));
    }

    [Fact]
    public async Task The_figures_name_the_process_they_come_from()
    {
        await using var app = await App.Start(_ => { });
        var info = (await Figures(app)).Single(line => line.StartsWith("target_info{", StringComparison.Ordinal));
        Assert.Contains("service_name=\"control-plane\"", info, StringComparison.Ordinal);
        Assert.Contains("service_instance_id=\"control-plane-1\"", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_instruments_are_among_the_figures_with_their_units_and_buckets()
    {
        await using var app = await App.Start(_ => { });
        var meter = app.Services.GetRequiredService<IMeterFactory>().CreateMeter();
        meter.CreateCounter<long>("orchestrator.turns", "{turn}").Add(3, new KeyValuePair<string, object?>("actor", "ServiceMaster"));
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] };
        meter.CreateHistogram("orchestrator.turn.duration", "s", null, null, buckets).Record(1);
        Assert.Equal(
            [
                "orchestrator_turn_duration_seconds_bucket{le=\"+Inf\"} 1",
                "orchestrator_turn_duration_seconds_bucket{le=\"0.5\"} 0",
                "orchestrator_turn_duration_seconds_bucket{le=\"2\"} 1",
                "orchestrator_turn_duration_seconds_count{} 1",
                "orchestrator_turn_duration_seconds_sum{} 1",
                "orchestrator_turns_total{actor=\"ServiceMaster\"} 3",
            ],
            (await Figures(app)).Where(line => line.StartsWith("orchestrator", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Requests_calls_and_the_runtime_are_among_the_figures()
    {
        await using var app = await App.Start(app => app.MapGet("/members", () => "none"));
        await app.Get("/members");
        var names = (await Figures(app)).Select(line => line.Split('{')[0]).ToHashSet();
        Assert.Contains("http_server_request_duration_seconds_count", names);
        Assert.Contains("http_client_request_duration_seconds_count", names);
        Assert.Contains("dotnet_process_cpu_time_seconds_total", names);
    }

    [Fact]
    public async Task What_machines_ask_every_second_is_not_counted()
    {
        await using var app = await App.Start(_ => { });
        await app.Get("/healthz");
        await Figures(app);
        Assert.DoesNotContain(await Figures(app), line => line.StartsWith("http_server_request_duration", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_collector_no_span_is_made()
    {
        await using var app = await App.Start(_ => { });
        Assert.Null(OrchestratorTelemetry.Spans.StartActivity("turn"));
        Assert.Empty(app.Spans);
    }

    [Fact]
    public async Task Requests_are_traced_with_what_we_add_and_health_and_figures_are_not()
    {
        await using var app = await App.Start(
            app => app.MapGet("/members", () =>
            {
                using var span = OrchestratorTelemetry.Spans.StartActivity("look");
                return "none";
            }), App.Collector);
        await app.Get("/healthz");
        await app.Get("/metrics");
        await app.Get("/members");
        await Eventually.Become(
            () => Served(app).Count, count => count > 0, Soon, "a span of the request", TestContext.Current.CancellationToken);
        Assert.Equal(["GET /members"], Served(app));
        Assert.Equal("GET /members", app.Spans.Single(span => span.DisplayName == "look").Parent?.DisplayName);
    }

    [Fact]
    public async Task A_trace_goes_on_in_the_process_that_is_called()
    {
        await using var callee = await App.Start(app => app.MapGet("/run", () => "accepted"), App.Collector);
        await using var caller = await App.Start(app => app.MapGet("/deploy", () => callee.Get("/run")), App.Collector);
        await caller.Get("/deploy");
        var run = await Span(callee, span => span.DisplayName == "GET /run");
        var deploy = await Span(caller, span => span.DisplayName == "GET /deploy");
        Assert.Equal(deploy.TraceId, run.TraceId);
        // Between the two is the call itself.
        Assert.Equal(deploy.SpanId, (await Span(caller, span => span.SpanId == run.ParentSpanId)).ParentSpanId);
    }

    /// <summary>A span comes when what it is of has ended, after its answer.</summary>
    private static async Task<Activity> Span(App app, Func<Activity, bool> which)
    {
        var spans = await Eventually.Become(
            () => app.Spans.ToList(), spans => spans.Any(which), Soon, "the span", TestContext.Current.CancellationToken);
        return spans.First(which);
    }

    private static List<string> Served(App app) =>
        [.. app.Spans.Where(span => span.Kind == ActivityKind.Server).Select(span => span.DisplayName)];

    /// <summary>What a Prometheus reads, without comments and without the names of meters.</summary>
    private static async Task<IEnumerable<string>> Figures(App app) =>
        (await app.Get("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Replace("otel_scope_name=\"Orchestrator\"", "", StringComparison.Ordinal))
            .Select(line => line.Replace("{,", "{", StringComparison.Ordinal));
}
