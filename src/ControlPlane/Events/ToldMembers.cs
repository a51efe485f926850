using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Events;

/// <summary>What has been told of workers and of the brake.</summary>
internal sealed class ToldMembers(ToldRecord? stored)
{
    private readonly SortedDictionary<string, ToldWorker> workers = new(stored?.Workers ?? [], StringComparer.Ordinal);
    private DateTimeOffset last = DateTimeOffset.MinValue;

    public bool IsBraked { get; private set; } = stored?.IsBraked ?? false;

    public Dictionary<string, ToldWorker> ToRecord() => new(workers);

    public List<ClusterEvent> Take(MemberNews news)
    {
        if (news.At <= last) return [];
        last = news.At;
        List<ClusterEvent> events = [];
        foreach (var state in news.Workers) events.AddRange(Take(state, news.At));
        foreach (var name in workers.Keys.Except(news.Workers.Select(it => it.Name)).ToList())
        {
            workers.Remove(name);
            events.Add(EventWords.Forgotten(name, news.At));
        }

        if (IsBraked != news.Brake is not null)
        {
            IsBraked = !IsBraked;
            events.Add(EventWords.Brake(news.Brake, news.At));
        }

        return events;
    }

    public void Replay(ClusterEvent it)
    {
        if (it.Kind == EventKind.Brake) IsBraked = !IsBraked;
        else if (it.Worker is { } name && it.Draining is null && it.Status is null) workers.Remove(name);
        else if (it.Worker is { } worker) workers[worker] = new(it.Status, it.Draining ?? false, it.Empty ?? false);
    }

    /// <summary>Of a worker that has not been heard yet only what an operator wants of it is known.</summary>
    private IEnumerable<ClusterEvent> Take(WorkerState state, DateTimeOffset at)
    {
        var was = workers.GetValueOrDefault(state.Name);
        var health = state.Health ?? was?.Health;
        var isEmpty = state.Empty ?? was?.Empty ?? false;
        if (was is null && health is null) yield break;
        var now = new ToldWorker(health, was?.Draining ?? false, was?.Empty ?? false);
        if (health != was?.Health)
        {
            workers[state.Name] = now;
            yield return EventWords.Of(state.Name, was, now, state.Note, at);
        }

        foreach (var next in new[] { now with { Draining = state.Draining, Empty = now.Empty && state.Draining }, now with
        {
            Draining = state.Draining, Empty = isEmpty && state.Draining,
        } })
        {
            if (next == workers[state.Name]) continue;
            yield return EventWords.Drain(state.Name, workers[state.Name], next, at);
            workers[state.Name] = next;
        }
    }
}
