using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LocalDapr.PubSub;

/// <summary>Several messages in one request; entry ids are their places in it.</summary>
internal static class BulkRequest
{
    public static HttpRequestMessage Of(string url, Subscription subscription, IEnumerable<(Message Message, JsonElement Event)> entries)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", Guid.NewGuid().ToString());
            json.WriteStartArray("entries");
            int place = 0;
            foreach (var (message, cloudEvent) in entries)
            {
                json.WriteStartObject();
                json.WriteString("entryId", place++.ToString(CultureInfo.InvariantCulture));
                json.WritePropertyName("event");
                cloudEvent.WriteTo(json);
                json.WriteString("contentType", CloudEvents.ContentType);
                json.WriteStartObject("metadata");
                foreach (var (name, value) in message.Metadata) json.WriteString(name, value);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("metadata");
            foreach (var (name, value) in subscription.Metadata) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteString("topic", subscription.Topic);
            json.WriteString("pubsubname", subscription.PubSub);
            json.WriteString("type", "com.dapr.event.sent.bulk");
            json.WriteEndObject();
        }

        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(buffer.WrittenSpan.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }
}
