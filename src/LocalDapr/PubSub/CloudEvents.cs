using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.PubSub;

/// <summary>Puts what is published into a CloudEvents 1.0 envelope as Dapr does.</summary>
internal static class CloudEvents
{
    public const string ContentType = "application/cloudevents+json";
    private const string NoTrace = "00-00000000000000000000000000000000-0000000000000000-00";
    private const string Override = "cloudevent.";

    /// <summary>The envelope's bytes.</summary>
    public static byte[] Wrap(Publication it, string source, DateTimeOffset now) =>
        MediaType(it.ContentType) == ContentType ? Complete(it, now) : Envelop(it, source, now);

    /// <summary>What a subscriber with raw payload gets: the bytes in an envelope of its own.</summary>
    public static byte[] WrapRaw(Message message) => Write(json =>
    {
        json.WriteString("id", Guid.NewGuid().ToString());
        json.WriteString("specversion", "1.0");
        json.WriteString("type", "com.dapr.event.sent");
        json.WriteString("datacontenttype", "application/octet-stream");
        json.WriteString("pubsubname", message.PubSub);
        json.WriteString("topic", message.Topic);
        json.WriteBase64String("data_base64", message.Data);
    });

    public static bool IsJson(string contentType)
    {
        string type = MediaType(contentType);
        return type == "application/json" || (type.EndsWith("+json", StringComparison.Ordinal) && type != ContentType);
    }

    /// <summary>Whether the envelope says that it is too late for it.</summary>
    public static bool HasExpired(JsonElement cloudEvent, DateTimeOffset now) =>
        cloudEvent.ValueKind == JsonValueKind.Object && cloudEvent.TryGetProperty("expiration", out var text)
        && text.ValueKind == JsonValueKind.String && text.TryGetDateTimeOffset(out var end) && end <= now;

    private static string MediaType(string contentType) => contentType.Split(';')[0].Trim().ToLowerInvariant();

    private static byte[] Envelop(Publication it, string source, DateTimeOffset now) => Write(json =>
    {
        string type = string.IsNullOrEmpty(it.ContentType) ? "text/plain" : it.ContentType;
        json.WriteString("id", Field("id") ?? Guid.NewGuid().ToString());
        json.WriteString("specversion", "1.0");
        json.WriteString("type", Field("type") ?? "com.dapr.event.sent");
        json.WriteString("source", Field("source") ?? source);
        json.WriteString("topic", it.Topic);
        json.WriteString("pubsubname", it.PubSub);
        json.WriteString("datacontenttype", type);
        json.WriteString("time", Field("time") ?? Rfc3339(now));
        json.WriteString("traceid", Field("traceid") ?? it.TraceParent ?? NoTrace);
        json.WriteString("traceparent", Field("traceparent") ?? it.TraceParent ?? NoTrace);
        json.WriteString("tracestate", Field("tracestate") ?? it.TraceState ?? "");
        if (Field("subject") is { } subject) json.WriteString("subject", subject);
        if (it.Ttl is { } ttl) json.WriteString("expiration", Rfc3339(now + ttl));
        WriteData(json, type, it.Data);

        string? Field(string name) => it.Metadata.GetValueOrDefault(Override + name);
    });

    private static void WriteData(Utf8JsonWriter json, string type, byte[] data)
    {
        if (IsJson(type))
        {
            json.WritePropertyName("data");
            try
            {
                json.WriteRawValue(data.Length == 0 ? "null"u8 : data);
            }
            catch (Exception e) when (e is JsonException or ArgumentException)
            {
                throw new ApiException(500, "ERR_PUBSUB_CLOUD_EVENTS_SER", $"cannot create cloudevent: the data is not JSON: {e.Message}");
            }
        }
        else if (MediaType(type) == "application/octet-stream") json.WriteBase64String("data_base64", data);
        else json.WriteString("data", Encoding.UTF8.GetString(data));
    }

    /// <summary>The publisher's own envelope, with what is missing filled in.</summary>
    private static byte[] Complete(Publication it, DateTimeOffset now)
    {
        JsonElement own;
        try
        {
            var reader = new Utf8JsonReader(it.Data);
            own = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw new ApiException(500, "ERR_PUBSUB_CLOUD_EVENTS_SER", $"cannot create cloudevent: {e.Message}");
        }

        if (own.ValueKind != JsonValueKind.Object)
            throw new ApiException(500, "ERR_PUBSUB_CLOUD_EVENTS_SER", "cannot create cloudevent: an object is expected");
        return Write(json =>
        {
            foreach (var field in own.EnumerateObject())
            {
                if (field.Name is "topic" or "pubsubname" || it.Metadata.ContainsKey(Override + field.Name)) continue;
                field.WriteTo(json);
            }

            json.WriteString("topic", it.Topic);
            json.WriteString("pubsubname", it.PubSub);
            Fill("id", () => Guid.NewGuid().ToString());
            Fill("specversion", () => "1.0");
            Fill("type", () => "com.dapr.event.sent");
            Fill("source", () => "Dapr"); // not the app: daprd knows no sender of a finished envelope
            Fill("time", () => Rfc3339(now));
            Fill("traceid", () => it.TraceParent ?? NoTrace);
            Fill("traceparent", () => it.TraceParent ?? NoTrace);
            if (it.Ttl is { } ttl) Fill("expiration", () => Rfc3339(now + ttl));

            void Fill(string name, Func<string> value)
            {
                if (it.Metadata.TryGetValue(Override + name, out string? given)) json.WriteString(name, given);
                else if (!own.TryGetProperty(name, out _)) json.WriteString(name, value());
            }
        });
    }

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
