using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.PubSub;

/// <summary>/v1.0/publish/{pubsub}/{topic} and its bulk form.</summary>
internal sealed class PublishApi(PubSubs pubSubs)
{
    private const int MostEntries = 10_000;

    public async Task PublishAsync(HttpContext context, string pubSub, string topic)
    {
        var request = context.Request;
        byte[] data = await Bodies.ReadAsync(request, context.RequestAborted);
        pubSubs.Publish(new(pubSub, topic, data, request.ContentType ?? "application/json")
        {
            Metadata = Metadata(request),
            TraceParent = Header(request, "traceparent"),
            TraceState = Header(request, "tracestate"),
        });
        context.Response.StatusCode = 204;
    }

    public async Task PublishManyAsync(HttpContext context, string pubSub, string topic)
    {
        var common = Metadata(context.Request);
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        if (body.ValueKind != JsonValueKind.Array || body.GetArrayLength() > MostEntries)
            throw ApiException.Malformed($"a list of at most {MostEntries} entries is expected");
        var failed = new List<(string EntryId, string Why)>();
        foreach (var entry in body.EnumerateArray())
        {
            string id = Id(entry);
            if (id.Length == 0) throw ApiException.Malformed("an entry without entryId");
            try
            {
                pubSubs.Publish(Entry(pubSub, topic, entry, common));
            }
            catch (ApiException e) when (e.Code == "ERR_PUBSUB_CLOUD_EVENTS_SER")
            {
                failed.Add((id, e.Message));
            }
        }

        if (failed.Count == 0) context.Response.StatusCode = 204;
        else await Bodies.WriteJsonAsync(context.Response, 500, Failures(failed));
    }

    /// <summary>The JavaScript SDK writes entryID, which daprd reads too: it does not look at case.</summary>
    private static string Id(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object) return "";
        foreach (var field in entry.EnumerateObject())
        {
            if (field.Name.Equals("entryId", StringComparison.OrdinalIgnoreCase)) return field.Value.ToString();
        }

        return "";
    }

    private static Publication Entry(string pubSub, string topic, JsonElement entry, Dictionary<string, string> common)
    {
        string contentType = entry.TryGetProperty("contentType", out var type) ? type.GetString() ?? "" : "";
        byte[] data = !entry.TryGetProperty("event", out var value) ? []
            : value.ValueKind == JsonValueKind.String && !CloudEvents.IsJson(contentType)
                ? contentType == "application/octet-stream" && value.TryGetBytesFromBase64(out byte[]? bytes)
                    ? bytes : System.Text.Encoding.UTF8.GetBytes(value.GetString()!)
            : JsonMarshal.GetRawUtf8Value(value).ToArray();
        var metadata = new Dictionary<string, string>(common, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, text) in RequestMetadata.Of(entry)) metadata[name] = text;
        return new(pubSub, topic, data, contentType) { Metadata = metadata };
    }

    private static ReadOnlyMemory<byte> Failures(List<(string EntryId, string Why)> failed)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("failedEntries");
        foreach (var (id, why) in failed)
        {
            json.WriteStartObject();
            json.WriteString("entryId", id);
            json.WriteString("error", why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("errorCode", "ERR_PUBSUB_PUBLISH_MESSAGE");
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static Dictionary<string, string> Metadata(HttpRequest request)
    {
        var metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Query)
        {
            if (name.StartsWith(DaprHeaders.MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                metadata[name[DaprHeaders.MetadataPrefix.Length..]] = value.ToString();
        }

        return metadata;
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var value) && value.Count > 0 ? value[0] : null;
}
