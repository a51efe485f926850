using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using static Dapr.DurableTask.Protobuf.WorkflowAction;

namespace LocalDapr.Workflows;

/// <summary>Makes of a turn and its answer what the turn leaves behind.</summary>
internal sealed class TurnEnd
{
    private readonly List<HistoryEvent> added = [];
    private readonly List<HistoryEvent> activities = [];
    private readonly List<HistoryEvent> timers = [];
    private readonly List<WorkflowStart> starts = [];
    private readonly List<WorkflowMessage> messages = [];
    private readonly Turn turn;
    private readonly Progress progress;
    private readonly ExecutionStartedEvent started;
    private readonly DateTimeOffset now;
    private readonly Func<string> newId;
    private IReadOnlyList<HistoryEvent>? startsOverWith;
    private ExecutionCompletedEvent? ending;

    private TurnEnd(Turn turn, DateTimeOffset now, Func<string> newId)
    {
        (this.turn, this.now, this.newId) = (turn, now, newId);
        (progress, started) = (turn.Progress, turn.Progress.Started!);
        added.AddRange(turn.New);
    }

    /// <param name="turn">The turn that was answered.</param>
    /// <param name="answer">What the worker made of it.</param>
    /// <param name="now">The time of what the answer adds to the history.</param>
    /// <param name="newId">Gives ids of executions, each another.</param>
    public static TurnOutcome Of(Turn turn, WorkflowResponse answer, DateTimeOffset now, Func<string> newId)
    {
        var progress = turn.Progress;
        // A worker that is asked about a suspended or terminated instance does not run its code, so it cannot tell of patches.
        bool ran = !progress.IsSuspended && progress.Terminated is null;
        if (ran && Patches.Mismatch(progress.Patches, answer.Version) is { } mismatch)
            return Stall(turn, answer, StalledReason.PatchMismatch, mismatch, now);
        if (answer.Actions.Any(a => a.WorkflowActionTypeCase == WorkflowActionTypeOneofCase.WorkflowVersionNotAvailable))
        {
            return Stall(turn, answer, StalledReason.VersionNotAvailable,
                $"Version not available: {progress.Version}", now);
        }

        turn.New[0].WorkflowStarted.Version = Patches.New(progress.Patches, answer.Version);
        var end = new TurnEnd(turn, now, newId);
        foreach (var action in answer.Actions.TakeWhile(_ => end.startsOverWith is null)) end.Apply(action);
        return end.Outcome(answer.CustomStatus);
    }

    private static TurnOutcome Stall(Turn turn, WorkflowResponse answer, StalledReason reason, string why, DateTimeOffset now) =>
        new(OrchestrationStatus.Stalled, answer.CustomStatus)
        {
            IsStalled = true,
            // Told once, however often the wrong code is tried.
            Added = turn.Past is [.., { ExecutionStalled: { } last }] && last.Description == why ? [] : [Events.Stalled(now, reason, why)],
        };

    private TurnOutcome Outcome(string? customStatus)
    {
        if (startsOverWith is not null)
            return new(OrchestrationStatus.Running, customStatus) { StartsOverWith = startsOverWith };
        if (progress.Terminated is { } terminated)
        {
            if (ending is null) Force(terminated);
            if (terminated.Recurse) messages.AddRange(progress.OpenChildren.Select(Termination));
        }

        var status = ending?.WorkflowStatus ?? (progress.IsSuspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running);
        return new(status, customStatus)
        {
            Added = added,
            Ending = ending,
            Activities = activities,
            Timers = ending is null ? timers : [],
            CancelledTimers = turn.CancelledTimers,
            Starts = starts,
            Messages = messages,
        };
    }

    /// <summary>The worker did not honour the termination, which would be lost with this turn.</summary>
    private void Force(ExecutionTerminatedEvent terminated)
    {
        activities.Clear();
        starts.Clear();
        messages.Clear();
        Complete(-1, Router(null), new() { WorkflowStatus = OrchestrationStatus.Terminated, Result = terminated.Input });
    }

    private WorkflowMessage Termination(HistoryEvent child) => new(
        new(Target(child.Router), child.ChildWorkflowInstanceCreated.InstanceId),
        Events.Terminated(now, progress.Terminated!.Input, recurse: true), ChildOf: turn.Key);

    private void Apply(WorkflowAction action)
    {
        var router = Router(action.Router);
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowActionTypeOneofCase.ScheduleTask: Schedule(action.Id, router, action.ScheduleTask); break;
            case WorkflowActionTypeOneofCase.CreateTimer: CreateTimer(action.Id, router, action.CreateTimer); break;
            case WorkflowActionTypeOneofCase.CreateChildWorkflow: CreateChild(action.Id, router, action.CreateChildWorkflow); break;
            case WorkflowActionTypeOneofCase.CreateDetachedWorkflow when action.CreateDetachedWorkflow.InstanceId.Length > 0:
                CreateDetached(action.Id, router, action.CreateDetachedWorkflow);
                break;
            case WorkflowActionTypeOneofCase.CompleteWorkflow when action.CompleteWorkflow is { } complete:
                if (ending is null && complete.WorkflowStatus != OrchestrationStatus.ContinuedAsNew) Complete(action.Id, router, complete);
                else if (ending is null && progress.Terminated is null) StartOver(complete);
                break;
            case WorkflowActionTypeOneofCase.TerminateWorkflow when action.TerminateWorkflow is { } other:
                messages.Add(new(new(Target(router), other.InstanceId), Events.Terminated(now, other.Reason, other.Recurse)));
                break;
            default:
                Refuse(action, router);
                break;
        }
    }

    private void Schedule(int id, TaskRouter router, ScheduleTaskAction task)
    {
        var scheduled = new TaskScheduledEvent
        {
            Name = task.Name, Version = task.Version, Input = task.Input, TaskExecutionId = task.TaskExecutionId,
            ParentTraceContext = started.ParentTraceContext,
        };
        if (task.HasHistoryPropagationScope) scheduled.HistoryPropagationScope = task.HistoryPropagationScope;
        activities.Add(Add(id, router, e => e.TaskScheduled = scheduled));
    }

    private void CreateTimer(int id, TaskRouter router, CreateTimerAction timer)
    {
        var created = new TimerCreatedEvent { FireAt = timer.FireAt };
        if (timer.HasName) created.Name = timer.Name;
        switch (timer.OriginCase)
        {
            case CreateTimerAction.OriginOneofCase.CreateTimer: created.CreateTimer = timer.CreateTimer; break;
            case CreateTimerAction.OriginOneofCase.ExternalEvent: created.ExternalEvent = timer.ExternalEvent; break;
            case CreateTimerAction.OriginOneofCase.ActivityRetry: created.ActivityRetry = timer.ActivityRetry; break;
            case CreateTimerAction.OriginOneofCase.ChildWorkflowRetry: created.ChildWorkflowRetry = timer.ChildWorkflowRetry; break;
        }

        timers.Add(Add(id, router, e => e.TimerCreated = created));
    }

    private void CreateChild(int id, TaskRouter router, CreateChildWorkflowAction child)
    {
        string childId = child.InstanceId.Length > 0 ? child.InstanceId : $"{turn.Key.Id}:{id:x4}";
        var created = new ChildWorkflowInstanceCreatedEvent
        {
            InstanceId = childId, Name = child.Name, Version = child.Version, Input = child.Input,
            ParentTraceContext = started.ParentTraceContext,
        };
        if (child.HasHistoryPropagationScope) created.HistoryPropagationScope = child.HistoryPropagationScope;
        Add(id, router, e => e.ChildWorkflowInstanceCreated = created);
        var parent = new ParentInstanceInfo
        {
            TaskScheduledId = id, Name = started.Name, AppID = turn.Key.App,
            WorkflowInstance = new() { InstanceId = turn.Key.Id, ExecutionId = started.WorkflowInstance.ExecutionId },
        };
        Start(new(Target(router), childId), id, new()
        {
            Name = child.Name, Input = child.Input, ParentInstance = parent, ParentTraceContext = started.ParentTraceContext,
        });
    }

    private void CreateDetached(int id, TaskRouter router, CreateDetachedWorkflowAction other)
    {
        Add(id, router, e => e.DetachedWorkflowInstanceCreated = new() { InstanceId = other.InstanceId });
        Start(new(Target(router), other.InstanceId), task: null, new()
        {
            Name = other.Name, Input = other.Input, ScheduledStartTimestamp = other.ScheduledStartTimestamp,
            ParentTraceContext = other.ParentTraceContext ?? started.ParentTraceContext,
        });
    }

    private void Start(WorkflowKey key, int? task, ExecutionStartedEvent other)
    {
        other.WorkflowInstance = new() { InstanceId = key.Id, ExecutionId = newId() };
        starts.Add(new(key, Events.Started(now, other, key.App), task));
    }

    private void Complete(int id, TaskRouter router, CompleteWorkflowAction complete)
    {
        ending = new()
        {
            WorkflowStatus = complete.WorkflowStatus, Result = complete.Result, FailureDetails = complete.FailureDetails,
        };
        Add(id, router, e => e.ExecutionCompleted = ending);
        if (started.ParentInstance is not { } parent) return;
        var to = new WorkflowKey(parent.HasAppID ? parent.AppID : turn.Key.App, parent.WorkflowInstance.InstanceId);
        messages.Add(new(to, Events.ChildEnded(now, parent.TaskScheduledId, ending), parent.WorkflowInstance.ExecutionId));
    }

    private void StartOver(CompleteWorkflowAction complete)
    {
        var again = new ExecutionStartedEvent
        {
            Name = started.Name, Input = complete.Result, ParentInstance = started.ParentInstance,
            ParentTraceContext = started.ParentTraceContext,
            WorkflowInstance = new() { InstanceId = turn.Key.Id, ExecutionId = newId() },
        };
        startsOverWith = [Events.Started(now, again, turn.Key.App), .. complete.CarryoverEvents];
    }

    /// <summary>Dapr repeats such a turn once a second for ever, which nobody notices; an instance that fails is seen.</summary>
    private void Refuse(WorkflowAction action, TaskRouter router)
    {
        if (ending is not null) return;
        string why = action.WorkflowActionTypeCase == WorkflowActionTypeOneofCase.SendEvent
            ? $"SendEvent to '{action.SendEvent.Instance?.InstanceId}' is not served by Dapr: raise the event from an activity, "
                + "through the workflow client"
            : action.WorkflowActionTypeCase == WorkflowActionTypeOneofCase.CreateDetachedWorkflow
                ? "a detached workflow needs an instance id"
            : $"the action {action.WorkflowActionTypeCase} is not known to this runtime";
        Complete(action.Id, router, new()
        {
            WorkflowStatus = OrchestrationStatus.Failed,
            FailureDetails = new() { ErrorType = "UnsupportedAction", ErrorMessage = why, IsNonRetriable = true },
        });
    }

    private HistoryEvent Add(int id, TaskRouter router, Action<HistoryEvent> fill)
    {
        var it = new HistoryEvent { EventId = id, Timestamp = now.ToTimestamp(), Router = router };
        fill(it);
        progress.Take(it);
        added.Add(it);
        return it;
    }

    private TaskRouter Router(TaskRouter? wished)
    {
        var router = new TaskRouter { SourceAppID = turn.Key.App };
        if (wished is { HasTargetAppID: true, TargetAppID.Length: > 0 }) router.TargetAppID = wished.TargetAppID;
        return router;
    }

    private string Target(TaskRouter? router) => router is { HasTargetAppID: true } ? router.TargetAppID : turn.Key.App;
}
