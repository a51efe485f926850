using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Events;

/// <summary>Something that has changed, as <c>GET /events</c> tells it.</summary>
public sealed record ClusterEvent
{
    /// <summary>When a master saw it, by that master's clock.</summary>
    public required DateTimeOffset At { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>A sentence that says what and, as far as it is known, why.</summary>
    public required string What { get; init; }

    /// <summary>The service it is about, when it is about one.</summary>
    public string? Service { get; init; }

    /// <summary>The instance it is about, when it is about one.</summary>
    public string? Instance { get; init; }

    /// <summary>The slot it is about, when it is about one.</summary>
    public int? Slot { get; init; }

    /// <summary>The revision it is about, when it is about one.</summary>
    public int? Revision { get; init; }

    /// <summary>The worker it is about, when it is about one.</summary>
    public string? Worker { get; init; }

    /// <summary>Of an instance: how it is now; none when nobody counts on it any more.</summary>
    public Phase? Phase { get; init; }

    /// <summary>Of an instance: what its probe says now.</summary>
    public InstanceHealth? Health { get; init; }

    /// <summary>Of an instance: whether it is in rotation, by the probe of its readiness; none without such a probe.</summary>
    public InstanceHealth? Readiness { get; init; }

    /// <summary>Of an instance that has ended: what caused that.</summary>
    public EndCause? Cause { get; init; }

    /// <summary>Of an instance that has ended: 0 to 255; none when it never ran.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Of a worker: how it is now; none when it is not listed any more.</summary>
    public WorkerHealth? Status { get; init; }

    /// <summary>Of a worker: whether it drains now.</summary>
    public bool? Draining { get; init; }

    /// <summary>Of a worker that drains: whether it is empty now.</summary>
    public bool? Empty { get; init; }

    /// <summary>Who asked for it; none when nobody had to.</summary>
    public string? Who { get; init; }
}

/// <summary>What an event is about; also the name of the event on the stream.</summary>
public enum EventKind
{
    /// <summary>An instance came into another phase.</summary>
    Instance,

    /// <summary>The probes of an instance say something else.</summary>
    Health,

    /// <summary>A service was created, changed or withdrawn, or one of its slots was given another instance.</summary>
    Service,

    /// <summary>A revision came into force, or its rollout began, was paused, went on, ended or was undone.</summary>
    Rollout,

    /// <summary>A worker joined, fell silent, was lost or came back.</summary>
    Worker,

    /// <summary>A worker drains, is empty, or drains no longer.</summary>
    Drain,

    /// <summary>The brake came on or was let go.</summary>
    Brake,

    /// <summary>What was between the event that was named and the next one is not kept any more.</summary>
    Gap,

    /// <summary>The last event of a stream whose reader was too slow.</summary>
    CutOff,
}
