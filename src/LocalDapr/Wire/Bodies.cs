using System.Buffers;
using System.Text.Json;

namespace LocalDapr.Wire;

internal static class Bodies
{
    /// <summary>Reads the whole body; Kestrel refuses what is longer than allowed.</summary>
    public static async ValueTask<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is 0) return [];
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.IsCompleted)
            {
                byte[] all = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return all;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The body as JSON; 400 when it is none. Content types are not looked at: the SDK sends JSON as text/plain.</summary>
    public static async ValueTask<JsonElement> ReadJsonAsync(HttpRequest request, CancellationToken cancel)
    {
        byte[] body = await ReadAsync(request, cancel);
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            throw ApiException.Malformed($"failed to unmarshal request body: {e.Message}");
        }
    }

    public static async Task WriteJsonAsync(HttpResponse response, int status, ReadOnlyMemory<byte> json)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, response.HttpContext.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpResponse response, ApiException error)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("errorCode", error.Code);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        return WriteJsonAsync(response, error.Status, buffer.WrittenMemory);
    }
}
