using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace LocalDapr.Workflows;

/// <summary>Events of a history as the runtime makes them: what comes from outside has no id of its own.</summary>
internal static class Events
{
    private const int FromOutside = -1;

    public static HistoryEvent TurnStarted(DateTimeOffset now) => Outside(now, e => e.WorkflowStarted = new());

    /// <summary>The app id goes with it, for a worker learns from nowhere else which app it is.</summary>
    public static HistoryEvent Started(DateTimeOffset now, ExecutionStartedEvent started, string app)
    {
        var it = Outside(now, e => e.ExecutionStarted = started);
        it.Router = new() { SourceAppID = app };
        return it;
    }

    public static HistoryEvent Raised(DateTimeOffset now, string name, string? input) =>
        Outside(now, e => e.EventRaised = new() { Name = name, Input = input });

    public static HistoryEvent Suspended(DateTimeOffset now, string? reason) =>
        Outside(now, e => e.ExecutionSuspended = new() { Input = reason });

    public static HistoryEvent Resumed(DateTimeOffset now, string? reason) =>
        Outside(now, e => e.ExecutionResumed = new() { Input = reason });

    public static HistoryEvent Terminated(DateTimeOffset now, string? output, bool recurse) =>
        Outside(now, e => e.ExecutionTerminated = new() { Input = output, Recurse = recurse });

    public static HistoryEvent TimerFired(DateTimeOffset now, int timer, DateTimeOffset fireAt) =>
        Outside(now, e => e.TimerFired = new() { TimerId = timer, FireAt = fireAt.ToTimestamp() });

    public static HistoryEvent Stalled(DateTimeOffset now, StalledReason reason, string why) =>
        Outside(now, e => e.ExecutionStalled = new() { Reason = reason, Description = why });

    /// <summary>What became of an activity.</summary>
    public static HistoryEvent TaskEnded(DateTimeOffset now, ActivityResponse answer, string execution) => Outside(now, e =>
    {
        if (answer.FailureDetails is { } failure)
            e.TaskFailed = new() { TaskScheduledId = answer.TaskId, FailureDetails = failure, TaskExecutionId = execution };
        else e.TaskCompleted = new() { TaskScheduledId = answer.TaskId, Result = answer.Result, TaskExecutionId = execution };
    });

    /// <summary>What became of a child, as its parent is told: anything but its completion is a failure.</summary>
    public static HistoryEvent ChildEnded(DateTimeOffset now, int task, ExecutionCompletedEvent ending) =>
        ending.WorkflowStatus == OrchestrationStatus.Completed
            ? Outside(now, e => e.ChildWorkflowInstanceCompleted = new() { TaskScheduledId = task, Result = ending.Result })
            : ChildFailed(now, task, ending.FailureDetails);

    public static HistoryEvent ChildFailed(DateTimeOffset now, int task, TaskFailureDetails? failure) =>
        Outside(now, e => e.ChildWorkflowInstanceFailed = new() { TaskScheduledId = task, FailureDetails = failure });

    private static HistoryEvent Outside(DateTimeOffset now, Action<HistoryEvent> fill)
    {
        var it = new HistoryEvent { EventId = FromOutside, Timestamp = now.ToTimestamp() };
        fill(it);
        return it;
    }
}
