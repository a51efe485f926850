using System.Text;
using System.Text.Json;
using Conformance.Apps;
using Conformance.Promises;
using Conformance.World;

namespace Conformance.PubSub;

/// <summary>What a subscriber receives, byte by byte.</summary>
public sealed class EnvelopeTests(DaprWorld world)
{
    private readonly string _id = Unique.Name("event");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Holds("2.6", "A message arrives as POST of a CloudEvent with Dapr's attributes")]
    public async Task A_message_arrives_as_a_cloud_event()
    {
        await Publish("events", $$"""{"key":"{{_id}}"}""", "application/json");
        var call = Assert.Single(await Script.Received(_id));
        Assert.Equal(("POST", "/topics/events"), (call.Verb, call.Path));
        Assert.StartsWith("application/cloudevents+json", call.Header("Content-Type"), StringComparison.Ordinal);
        var envelope = JsonDocument.Parse(call.Body).RootElement;
        Assert.Equal(
            "specversion=1.0 type=com.dapr.event.sent source=conformance-a topic=events pubsubname=pubsub datacontenttype=application/json",
            Attributes(envelope, "specversion", "type", "source", "topic", "pubsubname", "datacontenttype"));
        Assert.Equal(_id, envelope.GetProperty("data").GetProperty("key").GetString());
        Assert.NotEmpty(envelope.GetProperty("id").GetString()!);
        Assert.True(envelope.TryGetProperty("traceid", out _));
    }

    [Theory, InlineData("text/plain"), InlineData("application/xml")]
    [Holds("2.6", "Text that is not JSON is carried as a string")]
    public async Task Text_is_carried_as_a_string(string contentType)
    {
        await Publish("events", $"<{_id}/>", contentType);
        var envelope = await Envelope();
        Assert.Equal($"{contentType} <{_id}/>",
            $"{envelope.GetProperty("datacontenttype").GetString()} {envelope.GetProperty("data").GetString()}");
    }

    [Fact, Holds("2.6", "Bytes are carried as data_base64")]
    public async Task Bytes_are_carried_as_base64()
    {
        await Publish("events", "\u0001\u0002", "application/octet-stream", $"?metadata.cloudevent.id={_id}");
        var envelope = await Envelope();
        Assert.Equal("AQI=", envelope.GetProperty("data_base64").GetString());
        Assert.False(envelope.TryGetProperty("data", out _));
    }

    [Fact, Holds("2.6", "cloudevent.* metadata overrides attributes of the envelope")]
    public async Task Metadata_overrides_attributes()
    {
        await Publish("events", "1", "application/json",
            $"?metadata.cloudevent.id={_id}&metadata.cloudevent.type=mine&metadata.cloudevent.source=somewhere&metadata.cloudevent.subject=s&metadata.cloudevent.traceid=t");
        Assert.Equal($"id={_id} type=mine source=somewhere subject=s traceid=t",
            Attributes(await Envelope(), "id", "type", "source", "subject", "traceid"));
    }

    [Fact, Holds("2.6",
        "A publisher's own CloudEvent keeps its attributes; topic and pubsubname are Dapr's, what is missing is filled in (the source with Dapr)")]
    public async Task A_publishers_cloud_event_is_kept()
    {
        await Publish("events",
            $$"""{"specversion":"1.0","id":"{{_id}}","data":{"n":1},"type":"own","extra":"e","topic":"lie","datacontenttype":"application/json"}""", "application/cloudevents+json");
        var envelope = await Envelope();
        Assert.Equal($"id={_id} type=own extra=e topic=events pubsubname=pubsub source=Dapr",
            Attributes(envelope, "id", "type", "extra", "topic", "pubsubname", "source"));
        Assert.Equal(1, envelope.GetProperty("data").GetProperty("n").GetInt32());
    }

    [Fact, Holds("2.6", "A raw message is carried without an envelope; its subscriber gets the bytes as data_base64")]
    public async Task A_raw_message_reaches_a_raw_subscriber()
    {
        var text = $"raw {_id}, no envelope";
        await Publish("raw", text, "text/plain", "?metadata.rawPayload=true");
        var envelope = await Envelope();
        Assert.Equal(text, Encoding.UTF8.GetString(envelope.GetProperty("data_base64").GetBytesFromBase64()));
        Assert.Equal("type=com.dapr.event.sent topic=raw pubsubname=pubsub", Attributes(envelope, "type", "topic", "pubsubname"));
    }

    [Fact, Holds("2.6", "ttlInSeconds on publish gives the envelope an expiration, unless the broker ends messages by itself")]
    public async Task A_time_to_live_is_written_into_the_envelope()
    {
        await Publish("events", $"\"{_id}\"", "application/json", "?metadata.ttlInSeconds=60");
        var expiration = (await Envelope()).GetProperty("expiration").GetString();
        Assert.InRange((DateTimeOffset.Parse(expiration!) - TimeProvider.System.GetUtcNow()).TotalSeconds, 30, 61);
    }

    [Fact, Holds("2.6", "An expired message does not reach the handler")]
    public async Task An_expired_message_is_not_delivered()
    {
        var later = Unique.Name("event");
        await Publish("guarded", Event(_id, "2020-01-01T00:00:00Z"), "application/cloudevents+json");
        await Publish("guarded", Event(later, "2220-01-01T00:00:00Z"), "application/cloudevents+json");
        await Script.Received(later, pathPart: "/topics/guarded");
        Assert.Empty(Script.Calls(_id, "/topics/guarded"));

        static string Event(string id, string expiration) =>
            $$"""{"specversion":"1.0","id":"{{id}}","type":"t","source":"s","expiration":"{{expiration}}","data":"x"}""";
    }

    [Fact, Holds("4.1", "Publishing over gRPC gives the same envelope")]
    public async Task Grpc_publishes_the_same_envelope()
    {
        await world.A1.Grpc.PublishEventAsync(
            new() { PubsubName = "pubsub", Topic = "events", DataContentType = "application/json",
                Data = Google.Protobuf.ByteString.CopyFromUtf8($"\"{_id}\"") },
            World.Wire.Metadata, World.Wire.Deadline, Cancel);
        Assert.Equal("type=com.dapr.event.sent source=conformance-a topic=events", Attributes(await Envelope(), "type", "source", "topic"));
    }

    [Fact, Holds("4.1", "Publishing to a pub/sub that does not exist is 404 ERR_PUBSUB_NOT_FOUND")]
    public async Task A_pubsub_that_does_not_exist()
    {
        var answer = await world.A1.Send(HttpMethod.Post, "/v1.0/publish/no-such-pubsub/t", "1");
        Assert.Equal("404 ERR_PUBSUB_NOT_FOUND", answer.Refusal);
    }

    private async Task Publish(string topic, string body, string contentType, string query = "")
    {
        using var request = Replica.Request(HttpMethod.Post, $"/v1.0/publish/pubsub/{topic}{query}", body, contentType);
        if (contentType != "application/cloudevents+json") request.Content!.Headers.ContentType!.CharSet = null;
        using var response = await world.A1.Http.SendAsync(request, Cancel);
        Assert.Equal("204 ", (await Answer.Of(response)).ToString());
    }

    private async Task<JsonElement> Envelope() => JsonDocument.Parse((await Script.Received(_id))[0].Body).RootElement;

    private static string Attributes(JsonElement envelope, params string[] names) =>
        string.Join(' ', names.Select(name => $"{name}={(envelope.TryGetProperty(name, out var value) ? value.ToString() : "(absent)")}"));
}
