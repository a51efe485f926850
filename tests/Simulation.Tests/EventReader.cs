using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;

namespace Orchestrator.Simulation.Tests;

/// <summary>Reads events page by page, as a client does that comes back with the last number, and keeps how each instance is.</summary>
internal sealed class EventReader
{
    private readonly Dictionary<string, ClusterEvent> instances = new(StringComparer.Ordinal);
    private (DateTimeOffset At, string What) last;

    public long Number { get; private set; }

    public bool IsLive(string instance) => instances.GetValueOrDefault(instance)?.Phase is { } phase && phase != Phase.Exited;

    public string Last(string instance) => instances.GetValueOrDefault(instance)?.What ?? "nothing";

    /// <summary>What is wrong with what came.</summary>
    public IEnumerable<string> Read(EventPage page)
    {
        foreach (var (number, it) in page.Events)
        {
            if (number != Number + 1 && Number >= page.Oldest) yield return $"event {number} follows {Number}";
            Number = number;
            if (it.Instance is { } name)
            {
                var was = instances.GetValueOrDefault(name);
                if (was is not null && (was.Phase, was.Health, was.Readiness, was.Worker) == (it.Phase, it.Health, it.Readiness, it.Worker))
                    yield return $"event {number} tells again that {it.What}";
                instances[name] = it;
            }
            else if (it.Kind is EventKind.Service or EventKind.Rollout)
            {
                if (last == (it.At, it.What)) yield return $"event {number} tells again that {it.What}";
                last = (it.At, it.What);
            }
        }
    }
}
