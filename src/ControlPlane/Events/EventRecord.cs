using Orchestrator.Contracts.Events;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Events;

/// <summary>
/// The newest part of the history, the only one that grows: the one truth about what has been told of. It is saved by compare-and-set, so
/// that of two activations one alone can number events.
/// </summary>
/// <param name="Log">Names the history; drawn when it begins.</param>
/// <param name="First">Number of the first event here.</param>
/// <param name="Kept">Numbers with which the closed parts begin that are still kept, oldest first.</param>
internal sealed record EventRecord(string Log, long First, ValueList<KeptEvent> Events, ValueList<long> Kept);

/// <summary>A closed part of the history; it changes no more.</summary>
internal sealed record EventSegment(long First, ValueList<KeptEvent> Events);

/// <param name="Epoch">Of the service's keeper that told; 0 of what is about no service.</param>
/// <param name="Turn">Of that keeper's activation.</param>
internal sealed record KeptEvent(ClusterEvent Event, long Epoch = 0, long Turn = 0);

/// <summary>What has been told of up to a number; what came later follows from the events after it.</summary>
internal sealed record ToldRecord
{
    public required string Log { get; init; }

    public required long UpTo { get; init; }

    public Dictionary<string, ToldService> Services { get; init; } = [];

    public Dictionary<string, ToldWorker> Workers { get; init; } = [];

    public bool IsBraked { get; init; }
}

/// <param name="Epoch">Of the keeper that told last.</param>
/// <param name="Turn">Of what it told last.</param>
/// <param name="HistoryAt">Time of the last thing in the service's history that was told of.</param>
/// <param name="History">And what it was.</param>
/// <param name="GoneAt">When nothing was left of the service; none while there is something.</param>
internal sealed record ToldService(
    long Epoch, long Turn, DateTimeOffset? HistoryAt, string? History, Dictionary<string, ToldInstance> Instances,
    DateTimeOffset? GoneAt = null);

/// <param name="Worker">Where it is.</param>
internal sealed record ToldInstance(string Worker, Phase Phase, InstanceHealth Health, InstanceHealth? Readiness);

internal sealed record ToldWorker(WorkerHealth? Health, bool Draining, bool Empty);
