using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// The few things we ask of a container engine. Everything that goes wrong is an <see cref="EngineException"/>; every call has a deadline.
/// </summary>
internal interface IContainerEngine
{
    /// <summary>Containers that carry all of the labels, whatever their state.</summary>
    Task<ValueList<Container>> List(ValueMap labels, CancellationToken cancel);

    /// <param name="container">Id or name.</param>
    /// <returns>Null when there is none.</returns>
    Task<Container?> Find(string container, CancellationToken cancel);

    /// <returns>The id of the new container, which does not run yet.</returns>
    Task<string> Create(NewContainer container, CancellationToken cancel);

    Task Start(string id, CancellationToken cancel);

    /// <summary>
    /// Asks the container to end, kills it when the grace is over, and returns when it has ended. One that does not run is left alone.
    /// </summary>
    Task Stop(string id, TimeSpan grace, CancellationToken cancel);

    /// <summary>Lets a container that somebody has frozen go on.</summary>
    Task Unpause(string id, CancellationToken cancel);

    /// <summary>Removes the container, also a running one; one that is gone is left alone.</summary>
    Task Remove(string id, CancellationToken cancel);

    /// <summary>Gives the container another name; what is told of it by its id goes on.</summary>
    Task Rename(string id, string name, CancellationToken cancel);

    /// <summary>
    /// Differs between two processes of the engine on one machine; none where that cannot be told, as of an engine on another machine.
    /// </summary>
    Task<string?> Incarnation(CancellationToken cancel);

    /// <param name="login">None asks the registry without one.</param>
    /// <param name="course">Told how it gets on.</param>
    Task Pull(string image, PullLogin? login, IProgress<PullStep> course, CancellationToken cancel);

    /// <summary>What is here behind a reference, a digest or an id; null when nothing is.</summary>
    Task<ImageSeen?> FindImage(string image, CancellationToken cancel);

    /// <summary>The digest that the registry has behind a reference now; nothing is pulled.</summary>
    /// <inheritdoc cref="Pull"/>
    Task<string> DigestInRegistry(string image, PullLogin? login, CancellationToken cancel);

    /// <summary>References of the images present, at most <paramref name="limit"/>.</summary>
    Task<ValueList<string>> Images(int limit, CancellationToken cancel);

    /// <summary>Runs a program in a running container until it ends; what it writes is answered in part.</summary>
    Task<(int ExitCode, string Output)> Exec(string id, ValueList<string> command, CancellationToken cancel);

    /// <summary>What the container wrote last.</summary>
    Task<LastWords> LastWords(string id, CancellationToken cancel);

    /// <summary>
    /// Subscribes to what happens to containers with these labels from now on; the stream ends with an exception or with the engine.
    /// </summary>
    Task<IAsyncEnumerable<EngineEvent>> Watch(ValueMap labels, CancellationToken cancel);
}

/// <param name="Line">The last one, rather of its error stream than of its output; none when it wrote nothing.</param>
/// <param name="Lines">The last ones of both, a few and not too long, oldest first.</param>
internal sealed record LastWords(string? Line, ValueList<string> Lines);

/// <param name="Name">Unique on the engine.</param>
/// <param name="Address">Host address at which ports are published.</param>
internal sealed record NewContainer(string Name, ContainerSpec Spec, ValueMap Labels, string Address)
{
    /// <summary>The image by its bytes; none takes what the spec's reference means here.</summary>
    public string? Image { get; init; }

    /// <summary>Files of the machine's memory that the container sees, read-only.</summary>
    public ValueList<FileMount> Files { get; init; } = [];

    /// <summary>Variables besides those of the spec, which have precedence.</summary>
    public ValueMap Env { get; init; } = ValueMap.Empty;

    public override string ToString() => Name;
}

/// <param name="Source">Absolute path on the machine.</param>
/// <param name="Target">Absolute path in the container.</param>
internal sealed record FileMount(string Source, string Target);

/// <summary>What the engine shows a registry.</summary>
/// <param name="Token">An identity token, in place of the password.</param>
internal sealed record PullLogin(string Registry, string? Username, string? Password, string? Token)
{
    public override string ToString() => $"login at {Registry}";
}

/// <summary>A container as the engine shows it.</summary>
internal sealed record Container
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required ContainerState State { get; init; }
    public ValueMap Labels { get; init; } = ValueMap.Empty;
    public InstanceHealth Health { get; init; }

    /// <summary>What the engine's own check found last, oldest first.</summary>
    public ValueList<ProbeResult> Checks { get; init; } = [];

    public ValueList<PublishedPort> Ports { get; init; } = [];

    /// <summary>Its own IP address, which its machine reaches; none without a network of its own.</summary>
    public string? Address { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public int ExitCode { get; init; }

    /// <summary>What the engine itself says went wrong with it; empty when nothing did.</summary>
    public string Error { get; init; } = "";

    public bool OutOfMemory { get; init; }

    /// <summary>Id of its image; empty in a line of the list.</summary>
    public string ImageId { get; init; } = "";
}

internal enum ContainerState
{
    /// <summary>Never started.</summary>
    Created,
    Running,

    /// <summary>Frozen: its processes are there and do nothing.</summary>
    Paused,
    Exited,
}

/// <param name="Kind">What happened to the container.</param>
/// <param name="Container">Its id.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="At">When, by the engine's clock.</param>
/// <param name="ExitCode">With <see cref="EngineEventKind.Died"/>.</param>
/// <param name="Health">With <see cref="EngineEventKind.HealthChanged"/>.</param>
/// <param name="Signal">With <see cref="EngineEventKind.Signalled"/>: its number.</param>
internal sealed record EngineEvent(
    EngineEventKind Kind, string Container, ValueMap Labels, DateTimeOffset At,
    int ExitCode = 0, InstanceHealth Health = InstanceHealth.None, int Signal = 0);

internal enum EngineEventKind { Died, OutOfMemory, HealthChanged, Removed, Signalled, Paused, Unpaused }

/// <summary>The engine did not do what it was asked; the message is its own, or says that there was none.</summary>
internal sealed class EngineException(EngineFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineFault Fault { get; } = fault;
}

internal enum EngineFault
{
    /// <summary>It said no.</summary>
    Refused,

    /// <summary>Something is wrong with it, or with its machine.</summary>
    Broken,

    /// <summary>It has no space left.</summary>
    NoSpace,

    /// <summary>It cannot be reached at all.</summary>
    Away,

    /// <summary>It took the call and did not answer within the deadline.</summary>
    Silent,

    /// <summary>The container is not there.</summary>
    NoContainer,

    /// <summary>The image is not there.</summary>
    NoImage,

    /// <summary>Another container has the name.</summary>
    NameTaken,

    /// <summary>A fixed host port is in use.</summary>
    PortTaken,
}
