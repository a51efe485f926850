using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// What has been told of: the difference between it and news is what becomes an event. News may come late, twice and from keepers that are
/// in charge no more; whatever was told of before gives no event. No clock and no store.
/// </summary>
internal sealed class Told
{
    /// <summary>So many services that are gone are remembered, in case something late comes of them.</summary>
    private const int KeptGone = 1000;

    private readonly Dictionary<string, Service> services;
    private readonly ToldMembers members;

    public Told(ToldRecord? stored)
    {
        services = (stored?.Services ?? []).ToDictionary(it => it.Key, it => new Service(it.Value), StringComparer.Ordinal);
        members = new(stored);
    }

    public ToldRecord ToRecord(string log, long upTo) => new()
    {
        Log = log,
        UpTo = upTo,
        Services = services.ToDictionary(it => it.Key, it => it.Value.ToRecord()),
        Workers = members.ToRecord(),
        IsBraked = members.IsBraked,
    };

    public IEnumerable<KeptEvent> Take(MemberNews news) => members.Take(news).Select(it => new KeptEvent(it));

    public IEnumerable<KeptEvent> Take(ServiceNews news)
    {
        if (services.GetValueOrDefault(news.Service) is not { } service)
        {
            if (news.Gone) return [];
            service = new();
        }

        if ((news.Epoch, news.Turn).CompareTo((service.Epoch, service.Turn)) <= 0) return [];
        if (service.GoneAt is not null && !news.Gone) service = new();
        services[news.Service] = service;
        var events = service.Take(news).Select(it => new KeptEvent(it with { Service = news.Service }, news.Epoch, news.Turn)).ToList();
        if (news.Gone) ForgetGone();
        return events;
    }

    /// <summary>Takes over what an event says that was kept but has not been seen here.</summary>
    public void Replay(KeptEvent kept)
    {
        if (kept.Event.Service is not { } name)
        {
            members.Replay(kept.Event);
            return;
        }

        if (services.GetValueOrDefault(name) is not { GoneAt: null } service) services[name] = service = new();
        service.Replay(kept);
    }

    private void ForgetGone()
    {
        var gone = services.Where(it => it.Value.GoneAt is not null).OrderBy(it => it.Value.GoneAt).Select(it => it.Key).ToList();
        foreach (var name in gone.Take(Math.Max(0, gone.Count - KeptGone))) services.Remove(name);
    }

    private sealed class Service(ToldService? stored = null)
    {
        private readonly Dictionary<string, ToldInstance> instances = new(stored?.Instances ?? [], StringComparer.Ordinal);
        private (DateTimeOffset? At, string? What) last = (stored?.HistoryAt, stored?.History);

        public long Epoch { get; private set; } = stored?.Epoch ?? 0;

        public long Turn { get; private set; } = stored?.Turn ?? 0;

        public DateTimeOffset? GoneAt { get; private set; } = stored?.GoneAt;

        public ToldService ToRecord() => new(Epoch, Turn, last.At, last.What, instances, GoneAt);

        public List<ClusterEvent> Take(ServiceNews news)
        {
            (Epoch, Turn) = (news.Epoch, news.Turn);
            List<ClusterEvent> events = [];
            foreach (var it in news.IsRetold ? SinceLast(news.History) : news.History) events.Add(EventWords.Of(it));
            if (news.History is [.., var newest]) last = (newest.At, newest.What);
            foreach (var state in news.Instances)
            {
                if (Changed(state) is { } changed) events.Add(EventWords.Of(state, changed, news.At));
            }

            IEnumerable<string> left = news.Gone ? instances.Keys : news.Left;
            if (news.Complete) left = instances.Keys.Except(news.Instances.Select(it => it.Instance));
            foreach (var name in left.Order(StringComparer.Ordinal).ToList())
            {
                if (!instances.Remove(name, out var was) || was.Phase == Phase.Exited) continue;
                events.Add(EventWords.Left(name, was.Worker, news.At));
            }

            if (news.Gone && GoneAt is null)
            {
                GoneAt = news.At;
                events.Add(EventWords.Gone(news.At));
            }

            return events;
        }

        public void Replay(KeptEvent kept)
        {
            (Epoch, Turn) = (kept.Epoch, kept.Turn);
            var it = kept.Event;
            if (EventWords.IsGone(it))
            {
                GoneAt = it.At;
                instances.Clear();
            }
            else if (it.Instance is null) last = (it.At, it.What);
            else if (it.Phase is { } phase)
                instances[it.Instance] = new(it.Worker!, phase, it.Health ?? InstanceHealth.None, it.Readiness);
            else instances.Remove(it.Instance);
        }

        /// <summary>
        /// Of what is told once more: what came after the last thing that was told of; where that is not
        /// among it, what is younger.
        /// </summary>
        private IEnumerable<HistoryEvent> SinceLast(ValueList<HistoryEvent> history)
        {
            if (last.At is not { } at) return history;
            for (var i = history.Count - 1; i >= 0; i--)
            {
                if (history[i].At == at && history[i].What == last.What) return history.Skip(i + 1);
            }

            return history.Where(it => it.At > at);
        }

        /// <summary>What kind of event it makes; none when nothing is new.</summary>
        private EventKind? Changed(InstanceState state)
        {
            if (state.Phase is not { } phase) return null;
            var now = new ToldInstance(state.Worker, phase, state.Health, state.Readiness);
            var was = instances.GetValueOrDefault(state.Instance);
            if (now == was) return null;
            instances[state.Instance] = now;
            return was?.Phase == phase ? EventKind.Health : EventKind.Instance;
        }
    }
}
