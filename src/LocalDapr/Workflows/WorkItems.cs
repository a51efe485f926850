using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>What is sent to workers.</summary>
internal static class WorkItems
{
    /// <param name="turn">The turn.</param>
    /// <param name="known">How many events of its history the worker has from the turn before.</param>
    public static WorkItem Of(Turn turn, int known)
    {
        var request = new WorkflowRequest
        {
            InstanceId = turn.Key.Id,
            ExecutionId = turn.Progress.Started!.WorkflowInstance.ExecutionId,
            NewEvents = { turn.New },
        };
        if (known > 0) request.CachedHistory = new() { EventCount = known };
        for (int i = known; i < turn.Past.Count; i++) request.PastEvents.Add(turn.Past[i]);
        return new() { WorkflowRequest = request };
    }

    public static WorkItem Of(OpenTask task)
    {
        var scheduled = task.Scheduled.TaskScheduled;
        return new()
        {
            ActivityRequest = new()
            {
                Name = scheduled.Name, Version = scheduled.Version, Input = scheduled.Input, TaskId = task.Scheduled.EventId,
                TaskExecutionId = scheduled.TaskExecutionId, ParentTraceContext = scheduled.ParentTraceContext,
                WorkflowInstance = new() { InstanceId = task.Key.Id },
            },
        };
    }
}
