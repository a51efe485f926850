using System.Collections.Concurrent;
using Orchestrator.Client;
using Orchestrator.Contracts.Events;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>Follows the events that one master tells, until that master or this client ends.</summary>
internal sealed class EventClient : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Task reading;

    /// <param name="lastEventId">Goes on after this event; <c>start</c> tells all that is kept.</param>
    public EventClient(OrchestratorClient master, string lastEventId) => reading = Read(master, lastEventId);

    public ConcurrentQueue<(string Id, ClusterEvent Event)> Told { get; } = new();

    public IEnumerable<string> Words => Told.Select(it => it.Event.What);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Read(OrchestratorClient master, string lastEventId)
    {
        await foreach (var it in master.Events.Follow(lastEventId, cancel: end.Token)) Told.Enqueue((it.Id, it.Event));
    }
}
