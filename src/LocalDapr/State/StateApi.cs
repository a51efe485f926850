using System.Buffers;
using System.Text.Json;
using LocalDapr.Wire;

namespace LocalDapr.State;

/// <summary>/v1.0/state/…</summary>
internal sealed class StateApi(StateAccess access)
{
    private const int MostKeys = 10_000;

    public async Task GetAsync(HttpContext context, string store, string key)
    {
        if (access.Open(store).Get(key) is not { } item)
        {
            context.Response.StatusCode = 204;
            return;
        }

        context.Response.Headers.ETag = item.Etag;
        if (item.ExpiresText is { } expires) context.Response.Headers["metadata.ttlExpireTime"] = expires;
        await Bodies.WriteJsonAsync(context.Response, 200, item.Value);
    }

    public async Task SaveAsync(HttpContext context, string store)
    {
        var open = access.Open(store);
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        if (body.ValueKind != JsonValueKind.Array) throw ApiException.Malformed("a list of items is expected");
        var changes = body.EnumerateArray()
            .Select(item => StateJson.Upsert(item, open.Key, i => open.Ttl(RequestMetadata.Of(i)))).ToArray();
        // Items of one request are independent of each other; only a transaction binds them.
        await Task.WhenAll(changes.Select(change => open.ApplyAsync([change], "ERR_STATE_SAVE", "saving")));
        context.Response.StatusCode = 204;
    }

    public async Task DeleteAsync(HttpContext context, string store, string key)
    {
        var open = access.Open(store);
        string etag = context.Request.Headers.IfMatch.ToString().Trim('"');
        var change = new StateChange(open.Key(key), null) { Etag = etag.Length == 0 ? null : etag };
        await open.ApplyAsync([change], "ERR_STATE_DELETE", "deleting");
        context.Response.StatusCode = 204;
    }

    public async Task BulkGetAsync(HttpContext context, string store)
    {
        var open = access.Open(store);
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        if (!body.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array || keys.GetArrayLength() > MostKeys)
            throw ApiException.Malformed($"keys: a list of at most {MostKeys} is expected");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var key in keys.EnumerateArray()) Write(json, key.GetString() ?? "", open.Get(key.GetString() ?? ""));
            json.WriteEndArray();
        }

        await Bodies.WriteJsonAsync(context.Response, 200, buffer.WrittenMemory);
    }

    public async Task TransactAsync(HttpContext context, string store)
    {
        var open = access.Open(store);
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        if (!body.TryGetProperty("operations", out var operations)) throw ApiException.Malformed("operations are missing");
        var common = RequestMetadata.Of(body).ToArray();
        var changes = StateJson.Operations(operations, open.Key, i => open.Ttl(RequestMetadata.Of(i).Concat(common)));
        if (changes.Count > 0) await open.ApplyAsync(changes, "ERR_STATE_TRANSACTION", "executing transaction on");
        context.Response.StatusCode = 204;
    }

    private static void Write(Utf8JsonWriter json, string key, StateItem? item)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        if (item is not null)
        {
            json.WritePropertyName("data");
            WriteValue(json, item.Value);
            json.WriteString("etag", item.Etag);
            if (item.ExpiresText is { } expires)
            {
                json.WriteStartObject("metadata");
                json.WriteString("ttlExpireTime", expires);
                json.WriteEndObject();
            }
        }

        json.WriteEndObject();
    }

    /// <summary>A value saved as bytes through gRPC need not be JSON; it is then told as text.</summary>
    private static void WriteValue(Utf8JsonWriter json, byte[] value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            using var parsed = JsonDocument.ParseValue(ref reader);
            json.WriteRawValue(value, skipInputValidation: true);
        }
        catch (JsonException)
        {
            json.WriteStringValue(value);
        }
    }
}
