using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Orchestrator.ServiceDefaults.Tests.Telemetry;

/// <summary>A process with the defaults, listening on a port of its own.</summary>
internal sealed class App : IAsyncDisposable
{
    /// <summary>Nobody listens there: traces are made, and kept here instead.</summary>
    public static readonly (string, string) Collector = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");

    private readonly WebApplication app;

    private App(WebApplication app) => this.app = app;

    public ConcurrentQueue<Activity> Spans { get; } = [];

    private HttpClient Http { get; } = new();

    public IServiceProvider Services => app.Services;

    public static async Task<App> Start(Action<WebApplication> map, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (name, value) in settings) builder.Configuration[name] = value;
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults("control-plane", "control-plane-1");
        App? self = null;
        builder.Services.ConfigureOpenTelemetryTracerProvider(traces => traces.AddProcessor(_ => new Keep(self!.Spans)));
        var app = builder.Build();
        self = new App(app);
        app.MapServiceDefaults();
        map(app);
        await app.StartAsync();
        self.Http.BaseAddress = new(app.Urls.Single());
        return self;
    }

    public Task<string> Get(string path) => Http.GetStringAsync(path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }

    private sealed class Keep(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }
}
