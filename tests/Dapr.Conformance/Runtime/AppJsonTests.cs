using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Runtime;

/// <summary>
/// What the application answers to <c>/dapr/config</c> and <c>/dapr/subscribe</c>; <see cref="WireApp"/> spells its names differently on
/// purpose.
/// </summary>
public sealed class AppJsonTests(DaprWorld world)
{
    private readonly string _name = Unique.Name("json");

    [Fact, Holds("2.2", "Actor types, idle time and reentrancy are read from /dapr/config, whatever the case of the names")]
    [Holds("10.4", "Case-insensitive JSON from the application")]
    public async Task Actor_types_are_read_whatever_the_case() =>
        Assert.Equal(200, (await world.A1.Send(HttpMethod.Put, $"/v1.0/actors/Wire/{_name}/method/x")).Status);

    [Fact, Holds("2.4", "Subscriptions are read from /dapr/subscribe: pubsubname or pubsubName, routes with or without a leading slash")]
    [Holds("10.4", "Case-insensitive JSON from the application")]
    public async Task Subscriptions_are_read_whatever_the_case()
    {
        await world.A1.Dapr.PublishEventAsync("pubsub", "shared", new Note(_name, "x"), TestContext.Current.CancellationToken);
        Assert.Equal("/topics/shared", (await Script.Received(_name))[0].Path);
    }
}
