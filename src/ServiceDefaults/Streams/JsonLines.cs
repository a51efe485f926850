using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Orchestrator.ServiceDefaults.Streams;

/// <summary>
/// Values as lines of JSON (NDJSON), for as long as they come. Who reads slowly makes the writer wait: nothing is kept in between but the
/// buffers of connections.
/// </summary>
public static class JsonLines
{
    public const string Type = "application/x-ndjson";

    private static readonly byte[] End = "\n"u8.ToArray();

    /// <summary>Writes each value as it comes, and passes on what is written when none is ready.</summary>
    public static Task Write<T>(HttpContext context, IAsyncEnumerable<T> values, JsonSerializerOptions json, CancellationToken cancel) =>
        Stream(context, Type, values, (value, to) =>
        {
            Value(value, to, json);
            to.Write(End);
        }, cancel);

    /// <summary>Writes one value, without the end of the line; ours have none inside.</summary>
    public static void Value<T>(T value, IBufferWriter<byte> to, JsonSerializerOptions json)
    {
        using var writer = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = json.Encoder, SkipValidation = true });
        JsonSerializer.Serialize(writer, value, json);
    }

    /// <summary>The same in a form of one's own.</summary>
    public static async Task Stream<T>(
        HttpContext context, string type, IAsyncEnumerable<T> values, Action<T, IBufferWriter<byte>> write, CancellationToken cancel)
    {
        const int passOnAfter = 32 << 10;
        Begin(context, type);
        var body = context.Response.BodyWriter;
        await context.Response.StartAsync(cancel);
        await body.FlushAsync(cancel);
        await using var all = values.GetAsyncEnumerator(cancel);
        while (true)
        {
            var next = all.MoveNextAsync();
            if (!next.IsCompleted || body.UnflushedBytes > passOnAfter)
            {
                if ((await body.FlushAsync(cancel)).IsCompleted) return;
            }

            if (!await next) break;
            write(all.Current, body);
        }

        await body.FlushAsync(cancel);
    }

    /// <summary>What stands before a stream: nothing on the way may hold it back, and a slow reader is no dead one.</summary>
    public static void Begin(HttpContext context, string type)
    {
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }

    /// <summary>Reads lines as they come.</summary>
    /// <exception cref="JsonException">A line is no such value, or longer than <paramref name="longest"/> bytes.</exception>
    public static async IAsyncEnumerable<T> Read<T>(
        Stream from, JsonSerializerOptions json, int longest, [EnumeratorCancellation] CancellationToken cancel)
    {
        var reader = PipeReader.Create(from, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancel);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var value = Parse<T>(rest.Slice(0, end), json);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (value is not null) yield return value;
                }

                if (rest.Length > longest) throw new JsonException($"a line is longer than {longest} bytes");
                reader.AdvanceTo(rest.Start, rest.End);
                if (!read.IsCompleted) continue;
                if (rest.Length > 0) throw new IOException("the answer ended within a line");
                yield break;
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static T? Parse<T>(ReadOnlySequence<byte> line, JsonSerializerOptions json)
    {
        if (line.Length == 0) return default;
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize<T>(ref reader, json);
    }
}
