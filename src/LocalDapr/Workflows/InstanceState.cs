using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace LocalDapr.Workflows;

/// <summary>An instance as callers see it.</summary>
internal static class InstanceState
{
    public static WorkflowState Of(InstanceRow row, ExecutionStartedEvent? start, bool withValues)
    {
        var state = new WorkflowState
        {
            InstanceId = row.Key.Id,
            Name = row.Name,
            WorkflowStatus = row.Status,
            Version = row.Version,
            CreatedTimestamp = row.Created.ToTimestamp(),
            LastUpdatedTimestamp = row.Updated.ToTimestamp(),
            ParentInstanceId = row.Parent?.WorkflowInstance.InstanceId,
            ParentAppId = row.Parent is { HasAppID: true } parent ? parent.AppID : null,
        };
        if (row.Started is { } started) state.StartedAt = started.ToTimestamp();
        if (!withValues) return state;
        state.Input = start?.Input;
        state.CustomStatus = row.CustomStatus;
        state.Output = row.Ending?.Result;
        state.FailureDetails = row.Ending?.FailureDetails;
        return state;
    }
}
