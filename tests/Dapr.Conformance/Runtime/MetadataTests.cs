using System.Text.Json;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Runtime;

/// <summary>What a sidecar tells about itself.</summary>
public sealed class MetadataTests(DaprWorld world)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("8", "Metadata names app id, runtime version, components, subscriptions and the app's port")]
    public async Task Metadata_describes_the_sidecar()
    {
        var metadata = (await world.B.Send(HttpMethod.Get, "/v1.0/metadata")).Json;
        Assert.Equal("conformance-b", metadata.GetProperty("id").GetString());
        Assert.NotEmpty(metadata.GetProperty("runtimeVersion").GetString()!);
        Assert.Equal(metadata.GetProperty("runtimeVersion").GetString(),
            metadata.GetProperty("extended").GetProperty("daprRuntimeVersion").GetString());
        Assert.Superset(new HashSet<string> { "statestore", "pubsub", "lockstore", "configstore" }, Names(metadata, "components", "name"));
        Assert.Superset(new HashSet<string> { "events", "guarded", "ruled", "bulk" }, Names(metadata, "subscriptions", "topic"));
        Assert.Equal(world.B.Address.AppPort, metadata.GetProperty("appConnectionProperties").GetProperty("port").GetInt32());
    }

    [Fact, Holds("8", "Subscriptions carry rules and dead letter topic")]
    public async Task Subscriptions_carry_rules_and_dead_letter_topic()
    {
        var metadata = (await world.B.Send(HttpMethod.Get, "/v1.0/metadata")).Json;
        var subscriptions = metadata.GetProperty("subscriptions").EnumerateArray()
            .ToDictionary(one => one.GetProperty("topic").GetString()!);
        Assert.Equal("dead", subscriptions["guarded"].GetProperty("deadLetterTopic").GetString());
        Assert.Equal(
            ["/topics/big", "/topics/heavy", "/topics/rest"],
            subscriptions["ruled"].GetProperty("rules").EnumerateArray()
                .Select(rule => "/" + rule.GetProperty("path").GetString()!.TrimStart('/')));
    }

    [Fact]
    public async Task Redis_has_connections_for_every_topic()
    {
        var file = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "components", "pubsub.yaml"), TestContext.Current.CancellationToken);
        var pool = int.Parse(System.Text.RegularExpressions.Regex.Match(file, "poolSize\\s+value: \"(\\d+)\"").Groups[1].Value);
        foreach (var replica in world.Replicas)
        {
            var metadata = await replica.Send(HttpMethod.Get, "/v1.0/metadata");
            // One to wait for messages, one to claim those that a dead replica left, and as many again for those who publish.
            Assert.InRange(3 * metadata.Json.GetProperty("subscriptions").GetArrayLength(), 1, pool);
        }
    }

    [Fact, Holds("8", "The actor runtime tells its state and how many actors of each type are active")]
    public async Task The_actor_runtime_counts_active_actors()
    {
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{Unique.Name("meta")}/method/wake");
        var runtime = (await world.B.Send(HttpMethod.Get, "/v1.0/metadata")).Json.GetProperty("actorRuntime");
        Assert.Equal(("RUNNING", true), (runtime.GetProperty("runtimeStatus").GetString(), runtime.GetProperty("hostReady").GetBoolean()));
        Assert.Contains("connected", runtime.GetProperty("placement").GetString(), StringComparison.Ordinal);
        var wire = runtime.GetProperty("activeActors").EnumerateArray()
            .Single(type => type.GetProperty("type").GetString() == ActorTypes.Wire);
        Assert.True(wire.GetProperty("count").GetInt32() > 0);
    }

    [Fact, Holds("8", "A key put into the metadata is read back over HTTP and gRPC")]
    public async Task Extended_metadata_can_be_set()
    {
        var key = Unique.Name("meta");
        using var request = Replica.Request(HttpMethod.Put, $"/v1.0/metadata/{key}", "a value", "text/plain");
        using var response = await world.A1.Http.SendAsync(request, Cancel);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("a value", (await world.A1.Send(HttpMethod.Get, "/v1.0/metadata")).Json.GetProperty("extended").GetProperty(key)
            .GetString());
        Assert.Equal("a value", (await world.A1.Dapr.GetMetadataAsync(Cancel)).Extended[key]);
    }

    [Fact, Holds("4.1", "The SDK reads and sets metadata")]
    public async Task The_sdk_reads_and_sets_metadata()
    {
        var key = Unique.Name("meta");
        await world.B.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{Unique.Name("meta")}/method/wake");
        await world.B.Dapr.SetMetadataAsync(key, "sdk", Cancel);
        var metadata = await world.B.Dapr.GetMetadataAsync(Cancel);
        Assert.Equal(("conformance-b", "sdk"), (metadata.Id, metadata.Extended[key]));
        Assert.Contains(metadata.Components, component => component.Name == "statestore");
        Assert.Contains(metadata.Actors, actor => actor.Type == ActorTypes.Wire && actor.Count > 0);
    }

    private static HashSet<string> Names(JsonElement metadata, string list, string property) =>
        [.. metadata.GetProperty(list).EnumerateArray().Select(one => one.GetProperty(property).GetString()!)];
}
