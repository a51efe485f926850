using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>The part of a <see cref="ServiceSpec"/> that makes a container; when it changes, new containers are needed.</summary>
public sealed record ContainerSpec
{
    /// <summary>How an image reference looks, from its beginning to its end.</summary>
    public const string ImageShape = @"[a-zA-Z0-9\[][a-zA-Z0-9._/:@\[\]-]*";

    /// <summary>How the name or the number of a signal looks.</summary>
    public const string SignalShape = "((SIG)?[A-Z][A-Z0-9+-]{1,15}|[0-9]{1,2})";

    /// <summary>The image reference as the engine takes it: <c>nginx:1.27</c>. Required, at most 255 characters.</summary>
    [MinLength(1), MaxLength(255), RegularExpression($"^{ImageShape}$")]
    public required string Image { get; init; }

    /// <summary>Replaces the entrypoint of the image, and its command with it; an empty list runs the command without any.</summary>
    [MaxLength(200)]
    public ValueList<string>? Entrypoint { get; init; }

    /// <summary>Replaces the command of the image when not empty.</summary>
    [MaxLength(200)]
    public ValueList<string> Command { get; init; } = [];

    /// <summary>Environment variables of the containers.</summary>
    [MaxLength(200)]
    public ValueMap Env { get; init; } = ValueMap.Empty;

    /// <summary>Absolute path in which the program starts; none takes the image's own.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Who the program runs as: <c>1000</c>, <c>1000:1000</c>, <c>app:app</c>; none takes the image's own.</summary>
    public string? User { get; init; }

    /// <summary>Further groups of that user, by name or number.</summary>
    [MaxLength(200)]
    public ValueList<string> GroupAdd { get; init; } = [];

    /// <summary>Container ports to publish; each once.</summary>
    [MaxLength(200)]
    public ValueList<PortMapping> Ports { get; init; } = [];

    /// <summary>What is mounted into the containers.</summary>
    [MaxLength(200)]
    public ValueList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>Memory in place of folders, empty at the start: <c>/run</c>, <c>/tmp:size=64m,mode=1777</c>.</summary>
    [MaxLength(200)]
    public ValueList<string> Tmpfs { get; init; } = [];

    public Resources Resources { get; init; } = new();

    /// <summary>Decides whether an instance is ready and whether it is replaced; none takes the image's own check, if it has one.</summary>
    public HealthProbe? Health { get; init; }

    /// <summary>Decides only whether an instance is sent any work: it is in rotation while this and its health are good.</summary>
    public HealthProbe? Readiness { get; init; }

    /// <summary>The signal that asks the container to end, e.g. <c>SIGTERM</c>; none takes the image's own.</summary>
    [RegularExpression($"^{SignalShape}$")]
    public string? StopSignal { get; init; }

    /// <summary>How long a container may take to end after its stop signal before it is killed; 0 s to 1 h.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs a small init as process 1, which hands signals on and buries orphans: for programs that handle no signals, since the kernel
    /// gives process 1 none that it does not handle.
    /// </summary>
    public bool Init { get; init; }

    /// <summary>Gives the program a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>Labels of the containers; those that begin with <c>orchestrator.</c> are ours.</summary>
    [MaxLength(200)]
    public ValueMap ContainerLabels { get; init; } = ValueMap.Empty;

    /// <summary>The containers' own name for themselves; none takes the engine's, the id.</summary>
    public string? Hostname { get; init; }

    /// <summary>
    /// <c>bridge</c>, <c>host</c> (that of the worker, which must allow it), <c>none</c>, or a network that is there on the workers.
    /// </summary>
    public string NetworkMode { get; init; } = "bridge";

    /// <summary>Names that the containers know: <c>db:10.0.0.5</c>, <c>worker:host-gateway</c>.</summary>
    [MaxLength(200)]
    public ValueList<string> ExtraHosts { get; init; } = [];

    /// <summary>IP addresses of name servers in place of the engine's.</summary>
    [MaxLength(200)]
    public ValueList<string> Dns { get; init; } = [];

    /// <summary>Makes the containers' own file system read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Size of <c>/dev/shm</c>; none takes the engine's, 64 MiB.</summary>
    public ByteSize? ShmSize { get; init; }

    /// <summary>Limits of each process, soft and hard: <c>{"nofile":"1024:65536","core":"0"}</c>; -1 means none.</summary>
    [MaxLength(200)]
    public ValueMap Ulimits { get; init; } = ValueMap.Empty;

    /// <summary>Settings of the kernel that each container has for itself: <c>{"net.core.somaxconn":"1024"}</c>.</summary>
    [MaxLength(200)]
    public ValueMap Sysctls { get; init; } = ValueMap.Empty;

    /// <summary>Capabilities beyond Docker's default, which the worker must allow, or back after <see cref="CapDrop"/>.</summary>
    [MaxLength(200)]
    public ValueList<string> CapAdd { get; init; } = [];

    /// <summary>Capabilities that are taken away; <c>ALL</c> for all.</summary>
    [MaxLength(200)]
    public ValueList<string> CapDrop { get; init; } = [];

    /// <summary><c>no-new-privileges</c>, <c>apparmor=…</c>, <c>seccomp=…</c>, <c>label=…</c>, as the engine takes them.</summary>
    [MaxLength(200)]
    public ValueList<string> SecurityOpt { get; init; } = [];

    /// <summary>Every right on the machine: the worker must allow it.</summary>
    public bool Privileged { get; init; }

    /// <summary>Devices of the worker, which it must allow: <c>/dev/fuse</c>, <c>/dev/sda:/dev/xvda:r</c>.</summary>
    [MaxLength(200)]
    public ValueList<string> Devices { get; init; } = [];

    /// <summary>Graphics processors: <c>all</c>, a number, or <c>device=0,2</c>; none by default.</summary>
    public string? Gpus { get; init; }

    public Logging Logging { get; init; } = new();

    /// <summary>What a worker does with the instances when its lease runs out because it is cut off.</summary>
    public LeaseLoss OnLeaseLost { get; init; } = LeaseLoss.Keep;

    /// <summary>When a worker asks the registry for the image.</summary>
    public PullPolicy PullPolicy { get; init; } = PullPolicy.Missing;

    /// <summary>Further variables out of secrets and configs; what <c>env</c> names itself has precedence.</summary>
    public ValueList<EnvSource> EnvFrom { get; init; } = [];

    /// <summary>Secrets as files in the containers.</summary>
    public ValueList<ContentFile> Secrets { get; init; } = [];

    /// <summary>Configs as files in the containers.</summary>
    public ValueList<ContentFile> Configs { get; init; } = [];
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
