using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Events;

/// <summary>Events with the sentences that say what has changed.</summary>
internal static class EventWords
{
    private const string GoneWords = "nothing is left of it";

    public static ClusterEvent Gone(DateTimeOffset at) => new() { At = at, Kind = EventKind.Service, What = GoneWords };

    public static bool IsGone(ClusterEvent it) => it is { Kind: EventKind.Service, What: GoneWords, Slot: null, Revision: null };

    public static ClusterEvent Of(HistoryEvent it) => new()
    {
        At = it.At,
        Kind = it.Kind is HistoryKind.Rollout or HistoryKind.Revision ? EventKind.Rollout : EventKind.Service,
        What = it.What, Slot = it.Slot, Revision = it.Revision, Who = it.Who,
    };

    public static ClusterEvent Of(InstanceState state, EventKind kind, DateTimeOffset at)
    {
        var name = NameOf(state.Instance);
        return new ClusterEvent
        {
            At = at,
            Kind = kind,
            What = $"{state.Instance} {(kind == EventKind.Health ? HealthWords(state) : PhaseWords(state))}{Why(state)}",
            Instance = state.Instance, Slot = name?.Slot, Revision = name?.Revision, Worker = state.Worker,
            Phase = state.Phase, Health = state.Health, Readiness = state.Readiness, Cause = state.Cause, ExitCode = state.ExitCode,
        };
    }

    /// <summary>Nobody has seen its end: its worker is lost, or it went while nobody looked.</summary>
    public static ClusterEvent Left(string instance, string worker, DateTimeOffset at) => new()
    {
        At = at, Kind = EventKind.Instance, What = $"{instance} on {worker} is counted on no more",
        Instance = instance, Slot = NameOf(instance)?.Slot, Revision = NameOf(instance)?.Revision, Worker = worker,
    };

    public static ClusterEvent Of(string worker, ToldWorker? was, ToldWorker now, string? note, DateTimeOffset at) => new()
    {
        At = at,
        Kind = EventKind.Worker,
        What = now.Health switch
        {
            WorkerHealth.Lost => $"{worker} is lost{Because(note)}",
            WorkerHealth.Suspect => $"{worker} {(was is null ? "has joined, and " : "")}takes nothing new{Because(note)}",
            _ => was?.Health switch
            {
                null => $"{worker} has joined",
                WorkerHealth.Lost => $"{worker} has returned",
                _ => $"{worker} is ready again",
            },
        },
        Worker = worker, Status = now.Health, Draining = now.Draining, Empty = now.Empty,
    };

    public static ClusterEvent Drain(string worker, ToldWorker was, ToldWorker now, DateTimeOffset at) => new()
    {
        At = at,
        Kind = EventKind.Drain,
        What = was.Draining != now.Draining ? $"{worker} {(now.Draining ? "drains" : "drains no longer")}"
            : now.Empty ? $"{worker} is empty" : $"{worker} is not empty any more",
        Worker = worker, Status = now.Health, Draining = now.Draining, Empty = now.Empty,
    };

    public static ClusterEvent Forgotten(string worker, DateTimeOffset at) =>
        new() { At = at, Kind = EventKind.Worker, What = $"{worker} is listed no longer", Worker = worker };

    public static ClusterEvent Brake(string? brake, DateTimeOffset at) => new()
    {
        At = at, Kind = EventKind.Brake,
        What = brake is null ? "the brake is off: silent workers are declared lost" : $"no worker is declared lost: {brake}",
    };

    private static string PhaseWords(InstanceState state) => state.Phase switch
    {
        Phase.Exited => $"has ended on {state.Worker}{EndWords(state)}",
        Phase.Placed => $"is placed on {state.Worker}",
        _ => $"is {state.Phase?.Word()} on {state.Worker}",
    };

    private static string EndWords(InstanceState state)
    {
        string?[] words = [state.ExitCode is { } code ? $"exit code {code}" : null, state.Cause is { } cause ? cause.Word() : null];
        return words.OfType<string>().ToList() is { Count: > 0 } known ? $" ({string.Join(", ", known)})" : "";
    }

    private static string HealthWords(InstanceState state) => state switch
    {
        { Health: InstanceHealth.None, Readiness: { } readiness } => $"is {Rotation(readiness)}",
        { Readiness: { } readiness } => $"is {state.Health.Word()} and {Rotation(readiness)}",
        _ => $"is {(state.Health == InstanceHealth.None ? "without a probe" : state.Health.Word())}",
    };

    private static string Rotation(InstanceHealth readiness) => readiness switch
    {
        InstanceHealth.None or InstanceHealth.Healthy => "in rotation",
        _ => "out of rotation",
    };

    private static string Why(InstanceState state) => Because(state.Message);

    private static string Because(string? why) => string.IsNullOrEmpty(why) ? "" : $": {why}";

    private static InstanceName? NameOf(string instance) => InstanceName.TryParse(instance, out var name) ? name : null;
}
