using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Contracts.Events;

/// <summary>
/// How things are, as the keepers of one master have seen it, in the order in which they told. What is an event is decided where they are
/// kept: the difference between what has been told of before and what is told now.
/// </summary>
public sealed record EventNews(ValueList<ServiceNews> Services, ValueList<MemberNews> Members);

/// <summary>How the instances of a service are, and what happened to it, as one turn of its keeper left it.</summary>
public sealed record ServiceNews
{
    public required string Service { get; init; }

    /// <summary>Counts activations of the keeper: what an earlier one tells is not taken any more.</summary>
    public required long Epoch { get; init; }

    /// <summary>Counts what the keeper has told in this activation: what comes twice is taken once.</summary>
    public required long Turn { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>True: <see cref="Instances"/> are all there are, and what is not named has left. False: only what changed.</summary>
    public bool Complete { get; init; }

    public ValueList<InstanceState> Instances { get; init; } = [];

    /// <summary>Instances that nobody counts on any more (only when not complete).</summary>
    public ValueList<string> Left { get; init; } = [];

    /// <summary>What happened since the last news of this activation, oldest first.</summary>
    public ValueList<HistoryEvent> History { get; init; } = [];

    /// <summary>True: <see cref="History"/> is what happened lately, and some of it may have been told before.</summary>
    public bool IsRetold { get; init; }

    /// <summary>Nothing is left of the service.</summary>
    public bool Gone { get; init; }
}

/// <summary>How an instance is.</summary>
public sealed record InstanceState
{
    /// <summary>See <see cref="InstanceName"/>.</summary>
    public required string Instance { get; init; }

    public required string Worker { get; init; }

    /// <summary>None when its worker has not told yet since this activation began.</summary>
    public Phase? Phase { get; init; }

    public InstanceHealth Health { get; init; }

    public InstanceHealth? Readiness { get; init; }

    public EndCause? Cause { get; init; }

    public int? ExitCode { get; init; }

    /// <summary>Why, in words; none when there is nothing to say.</summary>
    public string? Message { get; init; }
}

/// <summary>How all workers are, as the registry sees it.</summary>
/// <param name="At">Grows with each; what is older than what is known is not taken.</param>
/// <param name="Brake">Why no worker is declared lost at present; none when the brake is off.</param>
public sealed record MemberNews(DateTimeOffset At, ValueList<WorkerState> Workers, string? Brake);

/// <param name="Health">None when it has not been heard since the registry was activated.</param>
/// <param name="Empty">Whether it drains and has reported that nothing is on it; none when it has not been heard.</param>
/// <param name="Note">Why it is not ready; none when it is.</param>
public sealed record WorkerState(string Name, WorkerHealth? Health, bool Draining, bool? Empty, string? Note);

/// <param name="After">The page begins after the event of this number; none asks only where the history is now.</param>
/// <param name="Service">Only events of this service; none asks for all.</param>
/// <param name="Limit">How many events at most, 1 or more.</param>
public sealed record EventQuestion(long? After, string? Service, int Limit);

/// <summary>A part of the history, oldest first.</summary>
/// <param name="Log">Names the history: of a store that began anew it is another one.</param>
/// <param name="Oldest">Number of the oldest event that is kept; one more than the newest when none is.</param>
/// <param name="Newest">Number of the newest event; 0 before the first.</param>
/// <param name="Upto">The next page begins after this number.</param>
public sealed record EventPage(string Log, long Oldest, long Newest, long Upto, ValueList<NumberedEvent> Events);

public sealed record NumberedEvent(long Number, ClusterEvent Event);
