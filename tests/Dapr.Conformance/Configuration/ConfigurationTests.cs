using Conformance.Promises;
using Conformance.World;

namespace Conformance.Configuration;

/// <summary>
/// Reading and following configuration items. <c>conformance-colour</c> is blue, version 1: the README says how it gets there.
/// </summary>
public sealed class ConfigurationTests(DaprWorld world) : IAsyncLifetime
{
    private const string Colour = "conformance-colour";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await world.TryConfigure(Colour, "blue", "1");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact, Holds("4.1", "Configuration items are read by key; a key that does not exist is left out")]
    public async Task Items_are_read_by_key()
    {
        var found = await world.A1.Dapr.GetConfiguration("configstore", [Colour, Unique.Name("none")], cancellationToken: Cancel);
        Assert.Equal([(Colour, "blue", "1")], found.Items.Select(item => (item.Key, item.Value.Value, item.Value.Version)));
    }

    [Fact, Holds("4.1", "HTTP: configuration items are read by key")]
    public async Task Items_are_read_over_http()
    {
        var answer = await world.A1.Send(HttpMethod.Get, $"/v1.0/configuration/configstore?key={Colour}");
        Assert.Equal((200, "blue"), (answer.Status, answer.Json.GetProperty(Colour).GetProperty("value").GetString()));
    }

    [Fact, Holds("4.1", "A subscription to configuration items tells changes until it is ended")]
    public async Task Changes_are_told_until_the_subscription_ends()
    {
        var key = Unique.Name("setting");
        Assert.SkipWhen(!await world.TryConfigure(key, "old", "1"),
            "Dapr has no API that changes the configuration store of somebody else's sidecars");
        using var stream = world.A1.Grpc.SubscribeConfiguration(
            new() { StoreName = "configstore", Keys = { key } }, Wire.Metadata, Wire.Deadline, Cancel);
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
        var id = stream.ResponseStream.Current.Id;
        Assert.NotEmpty(id);
        await world.TryConfigure(key, "new", "2");
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
        Assert.Equal(("new", "2"), (stream.ResponseStream.Current.Items[key].Value, stream.ResponseStream.Current.Items[key].Version));
        Assert.True((await world.A1.Grpc.UnsubscribeConfigurationAsync(
            new() { StoreName = "configstore", Id = id }, Wire.Metadata, Wire.Deadline, Cancel)).Ok);
        Assert.False(await stream.ResponseStream.MoveNext(Cancel));
    }

    [Fact, Holds("4.1", "The SDK follows configuration items")]
    public async Task The_sdk_follows_items()
    {
        var key = Unique.Name("setting");
        Assert.SkipWhen(!await world.TryConfigure(key, "old", "1"),
            "Dapr has no API that changes the configuration store of somebody else's sidecars");
        var subscription = await world.A1.Dapr.SubscribeConfiguration("configstore", [key], cancellationToken: Cancel);
        await using var changes = subscription.Source.GetAsyncEnumerator(Cancel);
        Assert.True(await changes.MoveNextAsync()); // the first message carries the id alone
        await world.TryConfigure(key, "new", "2");
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal("new", changes.Current[key].Value);
    }

    [Fact, Holds("4.1", "A configuration store that does not exist is an error")]
    public async Task A_store_that_does_not_exist_is_an_error() => await Assert.ThrowsAnyAsync<Dapr.DaprException>(
        () => world.A1.Dapr.GetConfiguration("no-such-store", [Colour], cancellationToken: Cancel));
}
