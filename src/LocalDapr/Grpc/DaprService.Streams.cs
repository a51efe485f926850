using System.Threading.Channels;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using LocalDapr.PubSub;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    /// <summary>A subscription for as long as the stream is open.</summary>
    public async Task SubscribeTopicEvents(
        IAsyncStreamReader<SubscribeTopicEventsRequestAlpha1> requests,
        IServerStreamWriter<SubscribeTopicEventsResponseAlpha1> answers,
        ServerCallContext call)
    {
        var cancel = call.CancellationToken;
        if (!await requests.MoveNext(cancel) || requests.Current.InitialRequest is not { } first)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "the first message must be initial_request"));
        var subscription = new Subscription(first.PubsubName, first.Topic)
        {
            DefaultRoute = "",
            DeadLetterTopic = string.IsNullOrEmpty(first.DeadLetterTopic) ? null : first.DeadLetterTopic,
            Metadata = new Dictionary<string, string>(first.Metadata, StringComparer.OrdinalIgnoreCase),
            Kind = "STREAMING",
        };
        // One writer: a gRPC stream takes one message at a time.
        var outgoing = Channel.CreateBounded<SubscribeTopicEventsResponseAlpha1>(100);
        var (consumer, subscribed) = api.Subscriptions.AddStream(subscription, outgoing.Writer);
        using var end = subscribed;
        await consumer.OpenAsync();
        var writing = WriteAsync(outgoing.Reader, answers, cancel);
        try
        {
            while (await requests.MoveNext(cancel))
            {
                if (requests.Current.EventProcessed is { } done) consumer.Processed(done.Id, done.Status.Status);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The app closed the stream, which ends the subscription.
        }
        finally
        {
            consumer.Close();
            await writing;
        }
    }

    private static async Task WriteAsync(
        ChannelReader<SubscribeTopicEventsResponseAlpha1> outgoing,
        IServerStreamWriter<SubscribeTopicEventsResponseAlpha1> answers,
        CancellationToken cancel)
    {
        try
        {
            await foreach (var message in outgoing.ReadAllAsync(cancel)) await answers.WriteAsync(message, cancel);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The stream is gone; whoever waits for an answer is told by the consumer's end.
        }
    }
}
