using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Events;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>Follows the events that one master tells, until that master or this client ends.</summary>
internal sealed class EventClient : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Task reading;

    /// <param name="lastEventId">Goes on after this event; <c>start</c> tells all that is kept.</param>
    public EventClient(Uri master, string lastEventId) => reading = Read(new Uri(master, "/events"), lastEventId);

    public ConcurrentQueue<(string Id, ClusterEvent Event)> Told { get; } = new();

    public IEnumerable<string> Words => Told.Select(it => it.Event.What);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        end.Dispose();
    }

    private async Task Read(Uri url, string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Last-Event-ID", lastEventId);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
        await using var body = await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(end.Token);
        await foreach (var it in SseParser.Create(body).EnumerateAsync(end.Token))
            Told.Enqueue((it.EventId!, JsonSerializer.Deserialize<ClusterEvent>(it.Data, ContractsJson.Options)!));
    }
}
