using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Instances;

/// <summary>What a worker observes of one instance. Only workers write it; it is never stored.</summary>
public sealed record InstanceReport
{
    /// <summary>See <see cref="InstanceName"/>.</summary>
    public required string Instance { get; init; }

    public required Phase Phase { get; init; }

    public InstanceHealth Health { get; init; }

    /// <summary>Whether it is in rotation, by the probe of its readiness; none without such a probe.</summary>
    public InstanceHealth? Readiness { get; init; }

    /// <summary>The last results of its probes, at most three of each kind, oldest first; none before the first.</summary>
    public ValueList<ProbeResult>? Probes { get; init; }

    /// <summary>Id of the container, 64 hex digits; none before it is created.</summary>
    public string? ContainerId { get; init; }

    /// <summary>Which image it runs; none before that is known, and where whoever ordered it knew.</summary>
    public ImageSeen? Image { get; init; }

    /// <summary>Of the spec that it was made from; none where nobody knows that.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Where the published ports are reachable.</summary>
    public ValueList<PublishedPort> Ports { get; init; } = [];

    /// <summary>When the container came to run, by the worker's clock.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>0 to 255 of an ended container; none when it never ran.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What caused the end of an ended one; none while it lives.</summary>
    public EndCause? Cause { get; init; }

    /// <summary>
    /// What is going on or went wrong, in words: <c>pulling nginx:1.27</c>, the engine's own error, the last line of an ended container.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>Of a job's that has ended by itself: the last lines that it wrote, oldest first; bounded. None of anything else.</summary>
    public ValueList<string>? LastLines { get; init; }
}

/// <summary>A port of a container as reachable from outside.</summary>
/// <param name="Address">Host address of the worker at which it is published.</param>
public sealed record PublishedPort(int Container, int Host, string Address, PortProtocol Protocol = PortProtocol.Tcp);

/// <summary>What one worker tells a ServiceMaster about the instances of its service.</summary>
public sealed record ServiceReport
{
    public required string Worker { get; init; }

    public required string Service { get; init; }

    /// <summary>Grows with every report of this worker, also over its restarts; an older one than already seen is ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>
    /// True: <see cref="Instances"/> are all that the worker has of this service, everything else is gone. False: only what changed.
    /// </summary>
    public required bool Complete { get; init; }

    /// <summary>
    /// The worker begins nothing that may run once only by an order bound to an older report of its own than the one of this sequence (see
    /// <see cref="RunInstance.Heard"/>), and began nothing by such an order after this report was written; none when it does not tell.
    /// </summary>
    public long? OrdersSince { get; init; }

    /// <summary>When it was sent, by the clock that the times of the instances are told by; none when nobody knows.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public ValueList<InstanceReport> Instances { get; init; } = [];

    /// <summary>Instances of which nothing is left on the worker (only when not complete).</summary>
    public ValueList<string> Gone { get; init; } = [];
}
