using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Dapr.AppCallback.Autogen.Grpc.v1;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using LocalDapr.Apps;
using LocalDapr.Resiliency;

namespace LocalDapr.PubSub;

/// <summary>A subscription through a stream that the app opened: messages go out on it, what became of them comes back.</summary>
internal sealed class StreamConsumer(
    Subscription subscription, ChannelWriter<SubscribeTopicEventsResponseAlpha1> outgoing,
    Policy policy, PubSubs pubSubs, TimeProvider clock) : IConsumer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Outcome>> open = [];
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BulkOptions? Bulk => null;

    public async Task TakeAsync(IReadOnlyList<Message> messages, CancellationToken cancel)
    {
        foreach (var message in messages)
        {
            if (message.Expires <= clock.GetUtcNow() || await WithRetriesAsync(message, cancel) != Outcome.Success)
                pubSubs.BuryDead(message, subscription);
        }
    }

    /// <summary>Tells the app that the subscription stands; messages wait until that is said.</summary>
    public async Task OpenAsync()
    {
        await outgoing.WriteAsync(new() { InitialResponse = new() });
        opened.TrySetResult();
    }

    public void Processed(string id, TopicEventResponse.Types.TopicEventResponseStatus status)
    {
        if (!open.TryRemove(id, out var waiting)) return;
        waiting.TrySetResult(status switch
        {
            TopicEventResponse.Types.TopicEventResponseStatus.Success => Outcome.Success,
            TopicEventResponse.Types.TopicEventResponseStatus.Drop => Outcome.Drop,
            _ => Outcome.Retry,
        });
    }

    /// <summary>The app closed the stream: what it has not answered goes to somebody else.</summary>
    public void Close()
    {
        outgoing.TryComplete();
        foreach (var waiting in open.Values) waiting.TrySetException(new AppUnreachableException("the stream was closed"));
    }

    private Task<Outcome> WithRetriesAsync(Message message, CancellationToken cancel) =>
        policy.RunAsync(token => AskAsync(message, token), (outcome, error) => error is null && outcome == Outcome.Retry, cancel);

    private async Task<Outcome> AskAsync(Message message, CancellationToken cancel)
    {
        var told = Event(message);
        var waiting = open[told.Id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await opened.Task.WaitAsync(cancel);
        try
        {
            await outgoing.WriteAsync(new() { EventMessage = told }, cancel);
        }
        catch (ChannelClosedException e)
        {
            throw new AppUnreachableException("the stream was closed", e);
        }

        return await waiting.Task.WaitAsync(cancel);
    }

    private TopicEventRequest Event(Message message)
    {
        var told = new TopicEventRequest { PubsubName = message.PubSub, Topic = message.Topic, Path = subscription.DefaultRoute ?? "" };
        var reader = new Utf8JsonReader(subscription.Raw ? CloudEvents.WrapRaw(message) : message.Data);
        foreach (var field in JsonElement.ParseValue(ref reader).EnumerateObject())
        {
            switch (field.Name)
            {
                case "id": told.Id = field.Value.ToString(); break;
                case "source": told.Source = field.Value.ToString(); break;
                case "type": told.Type = field.Value.ToString(); break;
                case "specversion": told.SpecVersion = field.Value.ToString(); break;
                case "datacontenttype": told.DataContentType = field.Value.ToString(); break;
                case "data_base64": told.Data = ByteString.CopyFrom(field.Value.GetBytesFromBase64()); break;
                case "data":
                    told.Data = field.Value.ValueKind == JsonValueKind.String && !CloudEvents.IsJson(told.DataContentType)
                        ? ByteString.CopyFromUtf8(field.Value.GetString()!) : ByteString.CopyFromUtf8(field.Value.GetRawText());
                    break;
                case "topic" or "pubsubname": break;
                default:
                    told.Extensions ??= new();
                    told.Extensions.Fields[field.Name] = Google.Protobuf.WellKnownTypes.Value.ForString(field.Value.ToString());
                    break;
            }
        }

        return told;
    }
}
