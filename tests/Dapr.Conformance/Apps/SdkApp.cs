using Conformance.World;
using Dapr;
using Dapr.Actors;
using Dapr.Actors.Runtime;
using Dapr.Workflow;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Conformance.Apps;

/// <summary><c>conformance-a</c>: an ordinary application written with the unmodified .NET SDK.</summary>
public static class SdkApp
{
    public static WebApplication Build(Replica replica)
    {
        var builder = Hosting.Builder(replica);
        builder.Services.AddDaprClient();
        builder.Services.AddDaprWorkflow(workflows => TestWorkflows.Register(workflows, replica));
        builder.Services.AddActors(actors =>
        {
            actors.UseJsonSerialization = true;
            actors.ActorIdleTimeout = TimeSpan.FromMinutes(60);
            actors.DrainOngoingCallTimeout = TimeSpan.FromSeconds(2);
            actors.DrainRebalancedActors = true;
            actors.Actors.RegisterActor<Counter>();
            actors.Actors.RegisterActor<Alarm>();
            actors.Actors.RegisterActor<Napper>(
                new ActorRuntimeOptions { UseJsonSerialization = true, ActorIdleTimeout = TimeSpan.FromSeconds(1),
                ActorScanInterval = TimeSpan.FromSeconds(1) });
            actors.Actors.RegisterActor<Chain>(
                new ActorRuntimeOptions { UseJsonSerialization = true,
                ReentrancyConfig = new ActorReentrancyConfig { Enabled = true, MaxStackDepth = 4 } });
        });

        var app = builder.Build();
        app.UseCloudEvents();
        app.MapSubscribeHandler();
        app.MapActorsHandlers();

        app.MapGet("/who", () => replica.Name);
        app.MapPost("/topics/shared", (Note note) => Took(note, "shared")).WithTopic("pubsub", "shared");
        app.MapPost("/topics/typed", (Note note) => Took(note, "typed")).WithTopic("pubsub", "typed");
        app.MapPost("/topics/guarded-typed", (Note note) =>
            note.Text == "bad" ? Results.Json(new { status = "DROP" }) : Took(note, "guarded-typed"))
            .WithTopic(new TopicOptions { PubsubName = "pubsub", Name = "guarded-typed", DeadLetterTopic = "dead" });
        return app;

        IResult Took(Note note, string topic)
        {
            Journal.Note(note.Id, $"{topic} {note.Text} on {replica.Name}");
            return Results.Ok();
        }
    }
}

/// <summary>What the typed topics carry.</summary>
public sealed record Note(string Id, string Text);
