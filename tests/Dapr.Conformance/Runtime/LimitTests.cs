using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.Runtime;

/// <summary>Bodies of up to 4 MiB pass, larger ones are refused.</summary>
public sealed class LimitTests(DaprWorld world)
{
    private const int Limit = 4 << 20;
    private readonly string _name = Unique.Name("limit");

    [Theory, InlineData("/v1.0/invoke/conformance-b/method/"), InlineData("/v1.0/actors/Wire/")]
    [Holds("3.10", "A body just under 4 MiB passes both ways")]
    [Holds("10.20", "4 MiB bodies")]
    public async Task A_body_under_the_limit_passes(string route)
    {
        var body = new string('x', Limit - 4096);
        Script.For(_name, call => new Reply(Body: call.Body, ContentType: "text/plain"));
        var answer = await world.A1.Send(HttpMethod.Post, Path(route), body);
        Assert.Equal((200, body.Length, body.Length), (answer.Status, answer.Body.Length, Script.Calls(_name)[0].Body.Length));
    }

    [Theory, InlineData("/v1.0/actors/Wire/"), InlineData("/v1.0/publish/pubsub/events?n="), InlineData("/v1.0/state/statestore?n=")]
    [Holds("3.10", "A body over 4 MiB is refused and reaches no application")]
    [Holds("10.20", "4 MiB bodies")]
    public async Task A_body_over_the_limit_is_refused(string route)
    {
        var body = $"\"{new string('x', Limit + 1)}\"";
        try
        {
            var answer = await world.A1.Send(HttpMethod.Post, Path(route), body);
            Assert.InRange(answer.Status, 400, 599);
        }
        catch (HttpRequestException)
        {
            // The connection was closed before the body was all sent: that is a refusal, too.
        }

        Assert.Empty(Script.Calls(_name));
    }

    [Fact, Holds("3.10", "A gRPC message over 4 MiB is ResourceExhausted")]
    public async Task A_grpc_message_over_the_limit_is_refused()
    {
        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await world.A1.Grpc.PublishEventAsync(
            new() { PubsubName = "pubsub", Topic = "events", Data = Google.Protobuf.ByteString.CopyFrom(new byte[Limit + 1024]) },
            Wire.Metadata, Wire.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal(Grpc.Core.StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact, Holds("3.10", "A value of some megabytes can be stored and read")]
    public async Task A_large_value_can_be_stored()
    {
        var value = new string('v', 3 << 20);
        await world.A1.Dapr.SaveStateAsync("statestore", _name, value, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(value.Length,
            (await world.A1.Dapr.GetStateAsync<string>(
            "statestore", _name, cancellationToken: TestContext.Current.CancellationToken)).Length);
    }

    private string Path(string route) => route.Contains("actors", StringComparison.Ordinal) ? $"{route}{_name}/method/take" : route + _name;
}
