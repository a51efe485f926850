using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Workers;

/// <summary>Sent to the MemberRegistry about once a second: renews the worker's lease and tells its load.</summary>
public sealed record WorkerReport
{
    public required string Name { get; init; }

    /// <summary>Differs between two processes of the same worker; grows.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Grows with every report, also over restarts. Reports can overtake each other; an older one changes nothing.</summary>
    public required long Sequence { get; init; }

    /// <summary>Address at which published ports are reachable.</summary>
    public required string Address { get; init; }

    public ValueMap Labels { get; init; } = ValueMap.Empty;

    public required WorkerCapacity Capacity { get; init; }

    public required WorkerLoad Load { get; init; }

    public ValueList<HostPort> HostPorts { get; init; } = [];

    /// <summary>What its operator allows that reaches beyond a container; none from a worker that does not tell.</summary>
    public WorkerPolicy? Policy { get; init; }

    /// <summary>Images present; none means as in the report before.</summary>
    public ValueList<string>? Images { get; init; }

    /// <summary>Services of which the worker has instances; they are told when the worker is lost or returns.</summary>
    public ValueList<string> Services { get; init; } = [];

    /// <summary>What a person should know of the worker's last minutes: that its sidecar was away, say.</summary>
    public string? Note { get; init; }

    /// <summary>Set when the container engine does not answer or the worker is being stopped: it lives but can take nothing.</summary>
    public string? EngineProblem { get; init; }
}

/// <summary>The registry's answer to a renewal.</summary>
public sealed record LeaseAnswer
{
    /// <summary>How long the lease holds, counted from the moment at which the renewal was sent.</summary>
    public required TimeSpan Lease { get; init; }

    /// <summary>The worker was unknown, lost or a new process: it now reports all its instances to their ServiceMasters.</summary>
    public bool ReportEverything { get; init; }

    /// <summary>
    /// Services whose orders do not reach the worker: it tells their ServiceMasters all that it has of them, be it nothing.
    /// </summary>
    public ValueList<string> Unreached { get; init; } = [];

    public bool Draining { get; init; }
}
