using Conformance.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Conformance.Apps;

/// <summary>
/// <c>conformance-b</c>: no Dapr handlers but one SDK actor; it sees what sidecars really send and answers as each test's <see
/// cref="Script"/> says.
/// </summary>
public static class WireApp
{
    /// <summary>Spelled in capitals on purpose: Dapr reads names without regard to case.</summary>
    private const string Config = """
        {"Entities":["Link","Wire","Loop","Brief"],"ActorIdleTimeout":"1h","DrainOngoingCallTimeout":"2s","DrainRebalancedActors":true,
         "entitiesConfig":[
           {"entities":["Link"],"actorIdleTimeout":"1h","reentrancy":{"enabled":true,"maxStackDepth":16}},
           {"entities":["Loop"],"actorIdleTimeout":"1h","reentrancy":{"enabled":true,"maxStackDepth":3}},
           {"entities":["Brief"],"actorIdleTimeout":"1s"}]}
        """;

    /// <summary>The same for subscriptions: the .NET SDK writes <c>pubsubName</c>, others <c>pubsubname</c>.</summary>
    private const string Subscriptions = """
        [{"pubsubname":"pubsub","topic":"events","route":"/topics/events"},
         {"pubsubName":"pubsub","topic":"shared","route":"topics/shared"},
         {"pubsubname":"pubsub","topic":"guarded","route":"/topics/guarded","deadLetterTopic":"dead"},
         {"pubsubname":"pubsub","topic":"dead","route":"/topics/dead"},
         {"pubsubname":"pubsub","topic":"raw","route":"/topics/raw","metadata":{"rawPayload":"true"}},
         {"pubsubname":"pubsub","topic":"ruled","routes":{"default":"/topics/rest","rules":[
             {"match":"event.type == \"big\"","path":"/topics/big"},
             {"match":"event.data.size > 10 && event.source != \"nobody\"","path":"/topics/heavy"}]}},
         {"pubsubname":"pubsub","topic":"strict","deadLetterTopic":"dead","routes":{"rules":[{"match":"event.type == \"known\"","path":"/topics/known"}]}},
         {"pubsubname":"pubsub","topic":"bulk","route":"/topics/bulk","bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":200}},
         {"pubsubname":"pubsub","topic":"guarded-bulk","route":"/topics/guarded-bulk","deadLetterTopic":"dead","bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":200}}]
        """;

    /// <summary>Makes it answer 503 to health probes, while it would serve everything else.</summary>
    public static bool IsSick { get; set; }

    public static WebApplication Build(Replica replica)
    {
        var builder = Hosting.Builder(replica);
        builder.Services.AddActors(actors =>
        {
            actors.UseJsonSerialization = true;
            actors.ReentrancyConfig = new() { Enabled = true, MaxStackDepth = 16 };
            actors.Actors.RegisterActor<Link>();
        });

        var app = builder.Build();
        app.Use(async (context, next) =>
        {
            var path = context.Request.Path.Value!;
            if (path == "/healthz" && IsSick) await Write(context, new Reply(503));
            else if (path == "/healthz" || path.StartsWith("/actors/Link/", StringComparison.Ordinal)) await next(context);
            else if (path == "/dapr/config") await Write(context, new Reply(Body: Config));
            else if (path == "/dapr/subscribe") await Write(context, new Reply(Body: Subscriptions));
            else if (path.StartsWith("/stream/", StringComparison.Ordinal)) await Streams.Serve(context);
            else await Write(context, await Script.Play(await Read(context), context.RequestAborted));
        });
        app.UseRouting();
        app.MapActorsHandlers();
        return app;
    }

    private static async Task<Call> Read(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        return new Call(
            context.Request.Method, context.Request.Path.Value!, context.Request.QueryString.Value
                ?? "", await body.ReadToEndAsync(context.RequestAborted),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }

    private static async Task Write(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers) context.Response.Headers[name] = value;
        if (reply.Body.Length == 0) return;
        context.Response.ContentType = reply.ContentType;
        await context.Response.WriteAsync(reply.Body, context.RequestAborted);
    }
}
