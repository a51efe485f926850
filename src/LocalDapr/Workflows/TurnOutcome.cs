using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>What a turn leaves behind; all of it is stored at once, or nothing.</summary>
internal sealed record TurnOutcome(OrchestrationStatus Status, string? CustomStatus)
{
    /// <summary>What the history grows by.</summary>
    public IReadOnlyList<HistoryEvent> Added { get; init; } = [];

    /// <summary>How it ended, if it did.</summary>
    public ExecutionCompletedEvent? Ending { get; init; }

    /// <summary>Continue-as-new: the history is thrown away, and this is the beginning of the next inbox.</summary>
    public IReadOnlyList<HistoryEvent>? StartsOverWith { get; init; }

    /// <summary>The code that answered was the wrong one: nothing was taken from the inbox, and it is tried again.</summary>
    public bool IsStalled { get; init; }

    /// <summary>Activities that were scheduled.</summary>
    public IReadOnlyList<HistoryEvent> Activities { get; init; } = [];

    /// <summary>Timers that were made.</summary>
    public IReadOnlyList<HistoryEvent> Timers { get; init; } = [];

    public IReadOnlyList<int> CancelledTimers { get; init; } = [];

    /// <summary>Workflows to start: children, which may be refused, and detached ones.</summary>
    public IReadOnlyList<WorkflowStart> Starts { get; init; } = [];

    /// <summary>What others are told.</summary>
    public IReadOnlyList<WorkflowMessage> Messages { get; init; } = [];
}

/// <summary>A workflow that another one starts. <paramref name="Task"/> is what a child answers to; null for a detached one.</summary>
internal sealed record WorkflowStart(WorkflowKey Key, HistoryEvent Started, int? Task);

/// <summary>
/// An event for another instance, if that is still the one that is meant: the run <paramref name="Execution"/>, or a child of
/// <paramref name="ChildOf"/>.
/// </summary>
internal sealed record WorkflowMessage(WorkflowKey To, HistoryEvent Event, string? Execution = null, WorkflowKey? ChildOf = null);
