using Conformance.Promises;
using Conformance.World;
using Dapr.AppCallback.Autogen.Grpc.v1;

namespace Conformance.PubSub;

/// <summary>Subscriptions that an application opens itself, over gRPC.</summary>
public sealed class StreamTests(DaprWorld world)
{
    private readonly string _topic = Unique.Name("stream");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("5", "A streaming subscription gets messages, and again those answered with RETRY")]
    public async Task A_streaming_subscription_gets_messages()
    {
        using var stream = world.A1.Grpc.SubscribeTopicEventsAlpha1(World.Wire.Metadata, World.Wire.Deadline, Cancel);
        await stream.RequestStream.WriteAsync(new() { InitialRequest = new() { PubsubName = "pubsub", Topic = _topic } }, Cancel);
        Assert.True(await stream.ResponseStream.MoveNext(Cancel));
        Assert.NotNull(stream.ResponseStream.Current.InitialResponse);

        await world.B.Dapr.PublishEventAsync("pubsub", _topic, "one", Cancel);
        var first = await Next();
        Assert.Equal(($"pubsub {_topic} conformance-b", "\"one\""),
            ($"{first.PubsubName} {first.Topic} {first.Source}", first.Data.ToStringUtf8()));
        await Answer(first, TopicEventResponse.Types.TopicEventResponseStatus.Retry);
        var again = await Next();
        Assert.Equal(first.Id, again.Id);
        await Answer(again, TopicEventResponse.Types.TopicEventResponseStatus.Success);

        async Task<TopicEventRequest> Next()
        {
            Assert.True(await stream.ResponseStream.MoveNext(Cancel));
            return stream.ResponseStream.Current.EventMessage;
        }

        Task Answer(TopicEventRequest message, TopicEventResponse.Types.TopicEventResponseStatus status) =>
            stream.RequestStream.WriteAsync(
                new() { EventProcessed = new() { Id = message.Id, Status = new() { Status = status } } }, Cancel);
    }
}
