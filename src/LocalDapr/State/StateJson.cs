using System.Runtime.InteropServices;
using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.State;

/// <summary>State requests as they are written in JSON, for the plain and for the actor API.</summary>
internal static class StateJson
{
    /// <summary>One item: <c>{key, value, etag, metadata, options}</c>.</summary>
    public static StateChange Upsert(JsonElement item, Func<string, string> key, Func<JsonElement, TimeSpan?> ttl) => new(
        key(Key(item)), item.TryGetProperty("value", out var value) ? Raw(value) : "null"u8.ToArray())
    {
        Etag = Etag(item),
        FirstWrite = IsFirstWrite(item),
        Ttl = ttl(item),
    };

    public static StateChange Delete(JsonElement item, Func<string, string> key) => new(key(Key(item)), null)
    {
        Etag = Etag(item),
        FirstWrite = false,
    };

    /// <summary>A list of <c>{operation, request}</c>.</summary>
    public static List<StateChange> Operations(JsonElement operations, Func<string, string> key, Func<JsonElement, TimeSpan?> ttl)
    {
        if (operations.ValueKind != JsonValueKind.Array) throw ApiException.Malformed("a list of operations is expected");
        var changes = new List<StateChange>();
        foreach (var one in operations.EnumerateArray())
        {
            string? operation = one.TryGetProperty("operation", out var name) ? name.GetString() : null;
            if (!one.TryGetProperty("request", out var request)) throw ApiException.Malformed("an operation without request");
            changes.Add(operation switch
            {
                "upsert" => Upsert(request, key, ttl),
                "delete" => Delete(request, key),
                _ => throw ApiException.Malformed($"operation type {operation} not supported"),
            });
        }

        return changes;
    }

    /// <summary>The bytes of a value exactly as they were sent.</summary>
    private static byte[] Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    private static string Key(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String
            ? key.GetString()! : throw ApiException.Malformed("a state item without key");

    private static string? Etag(JsonElement item)
    {
        if (!item.TryGetProperty("etag", out var etag)) return null;
        string? text = etag.ValueKind == JsonValueKind.Object && etag.TryGetProperty("value", out var inner) ? inner.GetString()
            : etag.ValueKind == JsonValueKind.String ? etag.GetString() : null;
        return string.IsNullOrEmpty(text) ? null : text;
    }

    private static bool IsFirstWrite(JsonElement item) =>
        item.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Object
        && options.TryGetProperty("concurrency", out var concurrency) && concurrency.ValueKind == JsonValueKind.String
        && concurrency.GetString() == "first-write";
}
