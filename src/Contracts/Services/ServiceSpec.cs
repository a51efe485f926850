using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>What a user wishes for one service; immutable, compared by value. A new wish for the containers makes a new revision.</summary>
public sealed record ServiceSpec
{
    /// <summary>What each container is. In JSON its fields stand among the others: <c>{"image":"nginx:1.27","instances":3}</c>.</summary>
    public ContainerSpec Container { get; init; } = new() { Image = "" };

    /// <summary>
    /// How many instances are wanted, 0 to 5,000; 1 for a global service, which runs one on each eligible worker, and for a job, which has
    /// <c>completions</c>.
    /// </summary>
    [Range(0, 5000)]
    public int Instances { get; init; } = 1;

    /// <summary>
    /// Replicated: as many as wanted anywhere. Global: one on each eligible worker. Job: programs that do their work and end.
    /// </summary>
    public ServiceMode Mode { get; init; } = ServiceMode.Replicated;

    /// <summary>Of a job only. In JSON its fields stand among the others, as those of the container do.</summary>
    public JobSpec Job { get; init; } = new();

    /// <summary>Labels of the service, for people and tools; no container is touched when they change.</summary>
    [MaxLength(200)]
    public ValueMap Labels { get; init; } = ValueMap.Empty;

    public RestartPolicy Restart { get; init; } = new();

    public UpdatePolicy Update { get; init; } = new();

    public PlacementRules Placement { get; init; } = new();

    /// <summary>
    /// How long an instance that is to end goes on serving, already out of rotation, before its stop signal: time for load balancers to
    /// notice. 0 s to 1 h.
    /// </summary>
    public TimeSpan StopDelay { get; init; }

    /// <summary>How many instances a drain or a rebalance may take away at a time before their successors run; at least 1.</summary>
    [Range(1, 5000)]
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Whether instances are moved without being asked when the load has become uneven.</summary>
    public Rebalancing Rebalance { get; init; } = Rebalancing.Off;
}

public enum ServiceMode
{
    Replicated,
    Global,

    /// <summary>It runs to its end, again when it is told to or by a schedule.</summary>
    Job,
}

public enum Rebalancing { Off, Auto }
