using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>What a user wishes for one service; immutable, compared by value. A new wish makes a new revision.</summary>
public sealed record ServiceSpec
{
    /// <summary>The image reference as the engine takes it: <c>nginx:1.27</c>. Required, at most 255 characters.</summary>
    public string Image { get; init; } = "";

    /// <summary>How many instances are wanted, 0 to 5,000; ignored for a global service.</summary>
    public int Instances { get; init; } = 1;

    /// <summary>Replicated: as many as wanted anywhere. Global: one on each eligible worker.</summary>
    public ServiceMode Mode { get; init; } = ServiceMode.Replicated;

    /// <summary>Container ports to publish; each once.</summary>
    public ValueList<PortMapping> Ports { get; init; } = [];

    /// <summary>Replaces the command of the image when not empty.</summary>
    public ValueList<string> Command { get; init; } = [];

    /// <summary>Environment variables of the containers.</summary>
    public ValueMap Env { get; init; } = ValueMap.Empty;

    /// <summary>Labels of the service, for people and tools; no container is touched when they change.</summary>
    public ValueMap Labels { get; init; } = ValueMap.Empty;

    /// <summary>Named volumes or host folders mounted into the containers.</summary>
    public ValueList<VolumeMount> Volumes { get; init; } = [];

    public Resources Resources { get; init; } = new();

    /// <summary>How the engine finds out whether a container is healthy; none means that a running one is.</summary>
    public HealthProbe? Health { get; init; }

    public RestartPolicy Restart { get; init; } = new();

    public UpdatePolicy Update { get; init; } = new();

    public PlacementRules Placement { get; init; } = new();

    /// <summary>How long a container may take to end after its stop signal before it is killed; 0 s to 1 h.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an instance that is to end goes on serving, already out of rotation, before its stop signal: time for load balancers to notice. 0 s to 1 h.</summary>
    public TimeSpan StopDelay { get; init; }

    /// <summary>The signal that asks the container to end, e.g. <c>SIGTERM</c>; none takes the image's own.</summary>
    public string? StopSignal { get; init; }

    /// <summary>What a worker does with the instances when its lease runs out because it is cut off.</summary>
    public LeaseLoss OnLeaseLost { get; init; } = LeaseLoss.Keep;

    /// <summary>How many instances a drain or a rebalance may take away at a time before their successors run; at least 1.</summary>
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Whether instances are moved without being asked when the load has become uneven.</summary>
    public Rebalancing Rebalance { get; init; } = Rebalancing.Off;
}

public enum ServiceMode { Replicated, Global }

public enum LeaseLoss
{
    /// <summary>Containers go on running; a replacement may run elsewhere meanwhile.</summary>
    Keep,

    /// <summary>At most one: the worker stops the instance itself before the control plane may replace it. Updates and moves stop first as well unless asked otherwise.</summary>
    Stop,
}

public enum Rebalancing { Off, Auto }
