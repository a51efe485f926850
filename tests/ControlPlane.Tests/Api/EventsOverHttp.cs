using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Api;

/// <summary>A client that follows events.</summary>
internal sealed class EventsOverHttp : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly HttpClient client;
    private readonly HttpResponseMessage response;
    private readonly Task reading;
    private int signs;

    private EventsOverHttp(HttpClient client, HttpResponseMessage response)
    {
        (this.client, this.response) = (client, response);
        reading = Read();
    }

    public ConcurrentQueue<Told> Events { get; } = new();

    public int SignsOfLife => Volatile.Read(ref signs);

    public static async Task<EventsOverHttp> Follow(ControlPlaneOverHttp api, string path, string? lastEventId = null)
    {
        var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await api.Clock.PassUntil(sending);
        var response = await sending;
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(client, response);
    }

    /// <summary>Time passes until an event of this kind has come; answers all that have.</summary>
    public async Task<List<Told>> Until(ControlPlaneOverHttp api, Func<Told, bool> condition)
    {
        await api.Clock.PassUntil(
            TimeSpan.FromMilliseconds(50), () => string.Join("; ", Events.Select(it => it.What)), _ => Events.Any(condition),
            "the event comes");
        return [.. Events];
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        response.Dispose();
        client.Dispose();
        end.Dispose();
    }

    private async Task Read()
    {
        await using var body = await response.Content.ReadAsStreamAsync(end.Token);
        await using var heard = new Heard(body, text => Interlocked.Add(ref signs, text.Split(": nothing new").Length - 1));
        await foreach (var it in SseParser.Create(heard).EnumerateAsync(end.Token))
            Events.Enqueue(new Told(it.EventType, it.EventId ?? "", JsonNode.Parse(it.Data)!.AsObject()));
    }

    /// <param name="Kind">The name of the event.</param>
    internal sealed record Told(string Kind, string Id, JsonObject Json)
    {
        public string What => $"{Json["what"]}";

        public string? Service => (string?)Json["service"];

        public string JsonWithoutTime
        {
            get
            {
                var copy = Json.DeepClone().AsObject();
                copy.Remove("at");
                return copy.ToJsonString();
            }
        }
    }

    /// <summary>Comments are nothing to a parser.</summary>
    private sealed class Heard(Stream inner, Action<string> hear) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            hear(System.Text.Encoding.UTF8.GetString(buffer.Span[..count]));
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
