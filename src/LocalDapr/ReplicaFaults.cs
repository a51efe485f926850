using LocalDapr.Faults;

namespace LocalDapr;

/// <summary>
/// Faults of placement: a replica and the rest of the world disagree about who owns what. They belong to the hooks for whoever orders them;
/// that a host gave its hooks away is the leave to break its placement.
/// </summary>
public static class ReplicaFaults
{
    /// <summary>
    /// Placement loses sight of this replica and moves its actors, but the replica's sidecar is not told: it goes on believing that it
    /// owns them, runs calls that enter through it, fires its timers and saves state, until the handle is disposed.
    /// </summary>
    public static IDisposable Pause(this FaultHooks faults, Sidecar replica) => replica.CutOff();

    /// <summary>
    /// The sidecar reaches no actor any more: calls through it hang until their callers give up, while it calls itself healthy. So does a
    /// <c>daprd</c> whose connection to placement was cut. Only another sidecar in its place cures it.
    /// </summary>
    public static void Deafen(this FaultHooks faults, Sidecar replica) => replica.Deafen();

    /// <summary>
    /// Cuts the streams of this replica's workflow workers, as if they had died: what they were doing is given to others, while they may go
    /// on. The SDK opens another stream after 5 s.
    /// </summary>
    public static void LoseWorkers(this FaultHooks faults, Sidecar replica) => replica.LoseWorkers();

    /// <summary>Lets this replica own one actor for calls that enter through it, beside the owner that placement chose.</summary>
    public static IDisposable AlsoOwns(this FaultHooks faults, Sidecar replica, string actorType, string actorId) =>
        replica.AlsoOwn(actorType, actorId);
}
