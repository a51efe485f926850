using System.Diagnostics;
using System.Threading.Channels;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;
using Dapr.Workflow;

namespace LocalDapr.Benchmarks;

public interface IBench : IActor
{
    Task Nop();
}

/// <summary>An actor that does nothing: what is measured is the way to it.</summary>
public sealed class Bench(ActorHost host) : Actor(host), IBench
{
    public Task Nop() => Task.CompletedTask;
}

/// <summary>A published message: when it was sent, on the clock that all processes of a machine share.</summary>
public sealed record Sent(long Ticks);

/// <summary>The application under test, an ordinary one.</summary>
internal static class BenchApp
{
    public static async Task RunAsync()
    {
        var delays = Channel.CreateUnbounded<double>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(int.Parse(Environment.GetEnvironmentVariable("APP_PORT")!)));
        builder.Services.AddDaprClient();
        builder.Services.AddActors(actors =>
        {
            // A type lives in one app id.
            if (Environment.GetEnvironmentVariable("APP_ID") == "bench-a") actors.Actors.RegisterActor<Bench>();
        });
        builder.Services.AddDaprWorkflow(WorkflowFigures.Register);
        var app = builder.Build();
        app.UseCloudEvents();
        app.MapActorsHandlers();
        app.MapSubscribeHandler();
        app.MapGet("/ping", () => Results.Ok());
        app.MapPost("/sent", (Sent sent) => delays.Writer.TryWrite(Stopwatch.GetElapsedTime(sent.Ticks).TotalMilliseconds))
            .WithTopic("pubsub", "sent");
        // The delay of the next message, as soon as it has come.
        app.MapGet("/next-delay", (CancellationToken cancel) => delays.Reader.ReadAsync(cancel).AsTask());
        await app.RunAsync();
    }
}
