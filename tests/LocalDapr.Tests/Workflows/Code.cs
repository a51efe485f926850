using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Tests.Workflows;

/// <summary>Workflow code as a worker runs it: from the whole history to what is asked for next. It knows nothing else.</summary>
internal static class Code
{
    public static WorkflowAction Schedule(int id, string name, string input = "") =>
        new() { Id = id, ScheduleTask = new() { Name = name, Input = input, TaskExecutionId = $"execution-{id}" } };

    public static WorkflowAction Timer(int id, DateTimeOffset at, string? awaits = null)
    {
        var timer = new CreateTimerAction { FireAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(at) };
        if (awaits is null) timer.CreateTimer = new();
        else timer.ExternalEvent = new() { Name = awaits };
        return new() { Id = id, CreateTimer = timer };
    }

    public static WorkflowAction Child(int id, string name, string instance) =>
        new() { Id = id, CreateChildWorkflow = new() { Name = name, InstanceId = instance } };

    public static WorkflowAction Complete(string result, OrchestrationStatus status = OrchestrationStatus.Completed) =>
        new() { CompleteWorkflow = new() { WorkflowStatus = status, Result = result } };

    public static WorkflowResponse Answer(params WorkflowAction[] actions) => new() { Actions = { actions } };

    public static IEnumerable<HistoryEvent> Seen(WorkflowRequest request) => request.PastEvents.Concat(request.NewEvents);

    /// <summary>So many steps one after the other, then the result of the last.</summary>
    public static Func<WorkflowRequest, WorkflowResponse> Chain(int steps) => request =>
    {
        var results = Seen(request).Where(e => e.TaskCompleted is not null).Select(e => e.TaskCompleted.Result).ToList();
        int scheduled = Seen(request).Count(e => e.TaskScheduled is not null);
        if (results.Count < scheduled) return Answer();
        return Answer(results.Count < steps
            ? Schedule(results.Count, "step", $"{results.Count}") : Complete(results.LastOrDefault() ?? ""));
    };
}
