using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>
/// A workflow that ended, once more from one of its steps: what came before that step is taken as it was, the step and all that was open
/// then are begun anew.
/// </summary>
internal static class Rerun
{
    /// <param name="source">Which instance.</param>
    /// <param name="history">Its whole history.</param>
    /// <param name="wish">Which step, and what is different this time.</param>
    /// <param name="key">The new instance.</param>
    /// <param name="now">The time of what is begun anew.</param>
    /// <param name="newId">Gives ids of executions, each another.</param>
    /// <exception cref="WorkflowException">There is no such step.</exception>
    public static (ExecutionStartedEvent Started, TurnOutcome Outcome) Of(
        WorkflowKey source, IReadOnlyList<HistoryEvent> history, RerunWorkflowFromEventRequest wish, WorkflowKey key,
        DateTimeOffset now, Func<string> newId)
    {
        int at = history.ToList().FindIndex(e => e.EventId == (int)wish.EventID && IsStep(e));
        if (at < 0)
        {
            throw new WorkflowException(
                WorkflowRefusal.NotFound,
                $"'{source.Id}' does not have an activity, a timer or a child workflow with event ID '{wish.EventID}'");
        }

        var before = history.Take(at).Select(e => e.Clone()).ToList();
        var started = before.First(e => e.ExecutionStarted is not null).ExecutionStarted;
        started.WorkflowInstance = new() { InstanceId = key.Id, ExecutionId = newId() };
        var open = before.Where(e => IsStep(e) && !before.Any(other => Ends(other, e))).ToList();
        var step = Changed(history[at].Clone(), source, wish);
        List<HistoryEvent> begun = [.. open, step];
        foreach (var e in begun) e.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now);
        foreach (var child in begun.Where(e => e.ChildWorkflowInstanceCreated is not null)) Name(child, key, wish, isStep: child == step);
        return (started, new(OrchestrationStatus.Running, CustomStatus: null)
        {
            Added = [.. before.Except(open), .. begun],
            Activities = [.. begun.Where(e => e.TaskScheduled is not null)],
            Timers = [.. begun.Where(e => e.TimerCreated is not null)],
            Starts = [.. begun.Where(e => e.ChildWorkflowInstanceCreated is not null).Select(e => Child(e, key, started, now, newId))],
        });
    }

    private static bool IsStep(HistoryEvent e) =>
        e.TaskScheduled is not null || e.TimerCreated is not null || e.ChildWorkflowInstanceCreated is not null;

    private static bool Ends(HistoryEvent e, HistoryEvent step) =>
        step.TaskScheduled is not null
            ? e.TaskCompleted?.TaskScheduledId == step.EventId || e.TaskFailed?.TaskScheduledId == step.EventId
        : step.TimerCreated is not null ? e.TimerFired?.TimerId == step.EventId
        : e.ChildWorkflowInstanceCompleted?.TaskScheduledId == step.EventId
            || e.ChildWorkflowInstanceFailed?.TaskScheduledId == step.EventId;

    private static HistoryEvent Changed(HistoryEvent step, WorkflowKey source, RerunWorkflowFromEventRequest wish)
    {
        var from = new RerunParentInstanceInfo { InstanceID = source.Id };
        if (step.TaskScheduled is { } task)
        {
            task.RerunParentInstanceInfo = from;
            if (wish.OverwriteInput) task.Input = wish.Input;
        }
        else if (step.ChildWorkflowInstanceCreated is { } child)
        {
            child.RerunParentInstanceInfo = from;
            if (wish.OverwriteInput) child.Input = wish.Input;
        }
        else
        {
            step.TimerCreated.RerunParentInstanceInfo = from;
            if (wish.OverwriteInput)
                throw new WorkflowException(WorkflowRefusal.Invalid, $"cannot write input to timer event '{step.EventId}'");
        }

        if (wish.HasNewChildWorkflowInstanceID && step.ChildWorkflowInstanceCreated is null)
        {
            throw new WorkflowException(
                WorkflowRefusal.Invalid,
                $"cannot set new child workflow instance ID on event '{step.EventId}', which is no child workflow");
        }

        return step;
    }

    private static void Name(HistoryEvent child, WorkflowKey key, RerunWorkflowFromEventRequest wish, bool isStep) =>
        child.ChildWorkflowInstanceCreated.InstanceId =
            isStep && wish.HasNewChildWorkflowInstanceID ? wish.NewChildWorkflowInstanceID : $"{key.Id}:{child.EventId:x4}";

    private static WorkflowStart Child(
        HistoryEvent e, WorkflowKey key, ExecutionStartedEvent parent, DateTimeOffset now, Func<string> newId)
    {
        var child = e.ChildWorkflowInstanceCreated;
        string app = e.Router is { HasTargetAppID: true } router ? router.TargetAppID : key.App;
        return new(new(app, child.InstanceId), Events.Started(now, new()
        {
            Name = child.Name, Input = child.Input, ParentTraceContext = child.ParentTraceContext,
            WorkflowInstance = new() { InstanceId = child.InstanceId, ExecutionId = newId() },
            ParentInstance = new()
            {
                TaskScheduledId = e.EventId, Name = parent.Name, AppID = key.App, WorkflowInstance = parent.WorkflowInstance.Clone(),
            },
        }, app), e.EventId);
    }
}
