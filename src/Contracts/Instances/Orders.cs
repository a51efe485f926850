using Orchestrator.Contracts.Services;

namespace Orchestrator.Contracts.Instances;

/// <summary>
/// An order of a ServiceMaster to one worker. Idempotent; repeated until a report shows its effect; refused below the highest epoch the
/// worker knows.
/// </summary>
public abstract record Order
{
    public required string Service { get; init; }

    /// <summary>See <see cref="InstanceName"/>.</summary>
    public required string Instance { get; init; }

    /// <summary>The fencing token: counts activations of the ServiceMaster.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why, in words; for the worker's log.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>Make this instance run. If it exists already, nothing happens but that it is reported again.</summary>
public sealed record RunInstance : Order
{
    /// <summary>Everything the worker needs to know of the wish.</summary>
    public required ContainerSpec Container { get; init; }

    /// <summary>A short name of the same, which the container carries; none when nobody asks for it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>
    /// Of one that may run once only: the sequence of the worker's newest report that was known when it was placed there; none when that is
    /// not told. A worker that was lost since may have been replaced: what was placed there before it was heard again must not begin.
    /// </summary>
    public long? Heard { get; init; }

    /// <summary>
    /// The image by its bytes, <c>nginx@sha256:…</c> or an id, as the revision is bound to it; none when whatever the reference means on
    /// the worker is to run, and to be reported.
    /// </summary>
    public string? Image { get; init; }
}

/// <summary>
/// Make everything ready for this instance, so that only its start is left: image and container. Reported as <see cref="Phase.Prepared"/>;
/// <see cref="RunInstance"/> starts it.
/// </summary>
public sealed record PrepareInstance : Order
{
    /// <summary>Everything the worker needs to know of the wish.</summary>
    public required ContainerSpec Container { get; init; }

    /// <inheritdoc cref="RunInstance.Image"/>
    public string? Image { get; init; }

    /// <summary>A short name of the same, which the container carries; none when nobody asks for it.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The instance that ends before this one starts: what it takes up on the same worker is this one's.</summary>
    public required string Replaces { get; init; }
}

/// <summary>End this instance and report it as exited. An instance that the worker does not have is reported as gone.</summary>
public sealed record StopInstance : Order
{
    /// <summary>How long the container goes on serving, reported as stopping, before it is asked to end.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How long it may take then before it is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>
/// Report no more of an ended instance; a live one is refused. Its container may be kept for a while, for who wants to see why it ended.
/// </summary>
public sealed record ForgetInstance : Order
{
    /// <summary>The service has been withdrawn: nothing of it is kept.</summary>
    public bool Withdrawn { get; init; }
}

/// <summary>A worker's answer to an order: accepted means that it will be carried out and reported, not that it has been.</summary>
public sealed record OrderAnswer
{
    public Refusal? Refusal { get; init; }

    /// <summary>Why it was refused, in words; empty when accepted.</summary>
    public string Reason { get; init; } = "";

    /// <summary>With <see cref="Refusal.StaleEpoch"/>: the highest epoch the worker knows for the service.</summary>
    public long KnownEpoch { get; init; }

    public bool Accepted => Refusal is null;

    public static OrderAnswer Ok { get; } = new();
}

public enum Refusal
{
    /// <summary>The order's epoch is below one the worker has seen: another ServiceMaster is in charge.</summary>
    StaleEpoch,

    /// <summary>No room by the worker's own account (CPU or memory reservations, too much to do).</summary>
    NoCapacity,

    /// <summary>A fixed host port is in use on the worker.</summary>
    PortTaken,

    /// <summary>A volume that is to be open once only is in use on the worker.</summary>
    VolumeTaken,

    /// <summary>The worker takes nothing new: it is draining or shutting down.</summary>
    Unavailable,

    /// <summary>The order cannot be carried out as written, e.g. forgetting a live instance.</summary>
    Impossible,

    /// <summary>No answer came that could be read, and the order is repeated: no worker says so, whoever carries orders does.</summary>
    Unanswered,
}
