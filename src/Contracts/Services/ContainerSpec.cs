using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>The part of a <see cref="ServiceSpec"/> that makes a container; when it changes, new containers are needed.</summary>
public sealed record ContainerSpec
{
    /// <summary>How an image reference looks, from its beginning to its end.</summary>
    public const string ImageShape = "[a-zA-Z0-9][a-zA-Z0-9._/:@-]*";

    /// <summary>How the name or the number of a signal looks.</summary>
    public const string SignalShape = "((SIG)?[A-Z][A-Z0-9+-]{1,15}|[0-9]{1,2})";

    /// <summary>The image reference as the engine takes it: <c>nginx:1.27</c>. Required, at most 255 characters.</summary>
    [MinLength(1), MaxLength(255), RegularExpression($"^{ImageShape}$")]
    public required string Image { get; init; }

    /// <summary>Container ports to publish; each once.</summary>
    [MaxLength(200)]
    public ValueList<PortMapping> Ports { get; init; } = [];

    /// <summary>Replaces the command of the image when not empty.</summary>
    [MaxLength(200)]
    public ValueList<string> Command { get; init; } = [];

    /// <summary>Environment variables of the containers.</summary>
    [MaxLength(200)]
    public ValueMap Env { get; init; } = ValueMap.Empty;

    /// <summary>Named volumes or host folders mounted into the containers.</summary>
    [MaxLength(200)]
    public ValueList<VolumeMount> Volumes { get; init; } = [];

    public Resources Resources { get; init; } = new();

    /// <summary>How the engine finds out whether a container is healthy; none means that a running one is.</summary>
    public HealthProbe? Health { get; init; }

    /// <summary>The signal that asks the container to end, e.g. <c>SIGTERM</c>; none takes the image's own.</summary>
    [RegularExpression($"^{SignalShape}$")]
    public string? StopSignal { get; init; }

    /// <summary>How long a container may take to end after its stop signal before it is killed; 0 s to 1 h.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What a worker does with the instances when its lease runs out because it is cut off.</summary>
    public LeaseLoss OnLeaseLost { get; init; } = LeaseLoss.Keep;
}

public enum LeaseLoss
{
    /// <summary>Containers go on running; a replacement may run elsewhere meanwhile.</summary>
    Keep,

    /// <summary>
    /// At most one: the worker stops the instance itself before the control plane may replace it. Updates and moves stop first as well
    /// unless asked otherwise.
    /// </summary>
    Stop,
}
