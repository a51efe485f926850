using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Orchestrator.Client.Wire;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Events;

namespace Orchestrator.Client.Events;

/// <summary>What changes, as it changes; each event once, also when masters die meanwhile.</summary>
public sealed class EventsApi
{
    /// <summary>In place of an id: all that is kept, and from then on.</summary>
    public const string FromStart = "start";

    private readonly Road road;

    internal EventsApi(Road road) => this.road = road;

    /// <summary>Follows events without an end.</summary>
    /// <param name="after">What came after the event of this id, or <see cref="FromStart"/>; none tells what comes from now on.</param>
    /// <param name="service">Only events of this service; none tells all.</param>
    public IAsyncEnumerable<ToldEvent> Follow(string? after = null, string? service = null, CancellationToken cancel = default) =>
        Tell(after, service, follow: true, cancel);

    /// <summary>What is kept of what has been, and no more.</summary>
    /// <param name="after">What came after the event of this id; none tells all that is kept.</param>
    /// <param name="service">Only events of this service; none tells all.</param>
    public IAsyncEnumerable<ToldEvent> Kept(string? after = null, string? service = null, CancellationToken cancel = default) =>
        Tell(after ?? FromStart, service, follow: false, cancel);

    private IAsyncEnumerable<ToldEvent> Tell(string? after, string? service, bool follow, CancellationToken cancel)
    {
        var last = after;
        var path = service is null ? "events" : $"{Question.Below("services", service)}/events";
        return new LastingStream<ToldEvent>(
            road,
            () => Question.Get(path) with
            {
                Accept = ServerSentEvents.Type, Query = new() { { "follow", follow ? null : "false" } }, Headers = last is null ? []
                    : [("Last-Event-ID", last)],
            },
            (body, end) => Read(body, id => last = id, end))
            {
                Silence = ServerSentEvents.Silence, EndsByItself = !follow,
            }.Items(cancel);
    }

    private static async IAsyncEnumerable<ToldEvent> Read(
        Stream body, Action<string> remember, [EnumeratorCancellation] CancellationToken cancel)
    {
        var parser = SseParser.Create(body);
        await using var items = parser.EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync()) yield break;
            }
            finally
            {
                // A sign of life has an id too, and is no item.
                if (parser.LastEventId.Length > 0) remember(parser.LastEventId);
            }

            var told = JsonSerializer.Deserialize<ClusterEvent>(items.Current.Data, ContractsJson.Options)!;
            // Who reads too slowly is cut off, and misses nothing by going on.
            if (told.Kind == EventKind.CutOff) yield break;
            yield return new(parser.LastEventId, told);
        }
    }
}

/// <param name="Id">Where to go on after it.</param>
public sealed record ToldEvent(string Id, ClusterEvent Event);
