using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>What is stored of an instance beside its history.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Generation">Another one after every continue-as-new and every replacement; never used twice.</param>
/// <param name="Name">The workflow's name.</param>
internal sealed record InstanceRow(WorkflowKey Key, long Generation, string Name)
{
    public OrchestrationStatus Status { get; init; } = OrchestrationStatus.Pending;

    /// <summary>The run that is meant by whoever answers to it.</summary>
    public required string Execution { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>When the first turn began.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it is to begin, for one that was started for later.</summary>
    public DateTimeOffset? Starts { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>How many events its history has.</summary>
    public int Length { get; init; }

    public string? Version { get; init; }

    public string? CustomStatus { get; init; }

    public ExecutionCompletedEvent? Ending { get; init; }

    public ParentInstanceInfo? Parent { get; init; }

    public bool IsOver => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed
        or OrchestrationStatus.Terminated or OrchestrationStatus.Canceled;
}
