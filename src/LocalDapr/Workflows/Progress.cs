using Dapr.DurableTask.Protobuf;
using static Dapr.DurableTask.Protobuf.HistoryEvent;

namespace LocalDapr.Workflows;

/// <summary>How far a history has come: what it has begun and not seen the end of, one event after the other.</summary>
internal sealed class Progress
{
    private readonly HashSet<(Kind Kind, int Id)> open = [];
    private readonly HashSet<int> begun = [];
    private readonly List<(string Event, int Timer)> waits = [];
    private readonly List<int> cancelled = [];
    private readonly List<HistoryEvent> children = [];
    private readonly List<string> patches = [];

    private enum Kind
    {
        Task,
        Timer,
        Child,
    }

    public ExecutionStartedEvent? Started { get; private set; }

    /// <summary>Ids of all that was begun.</summary>
    public IReadOnlySet<int> Begun => begun;

    /// <summary>The name that the code answered with first, if it did.</summary>
    public string? Version { get; private set; }

    public bool IsSuspended { get; private set; }

    /// <summary>Asked to end, and how.</summary>
    public ExecutionTerminatedEvent? Terminated { get; private set; }

    /// <summary>The patches that this history has taken, in order.</summary>
    public IReadOnlyList<string> Patches => patches;

    /// <summary>All children of this generation.</summary>
    public IEnumerable<HistoryEvent> Children => children;

    public IEnumerable<HistoryEvent> OpenChildren => children.Where(c => open.Contains((Kind.Child, c.EventId)));

    /// <summary>Timers that gave a wait for an event its end, and whose event came.</summary>
    public IReadOnlyList<int> CancelledTimers => cancelled;

    public static Progress Of(IEnumerable<HistoryEvent> history)
    {
        var progress = new Progress();
        foreach (var e in history) progress.Take(e);
        return progress;
    }

    /// <summary>False for what must not enter the history: a second start, the end of something that is not open.</summary>
    public bool Take(HistoryEvent e)
    {
        switch (e.EventTypeCase)
        {
            case EventTypeOneofCase.ExecutionStarted when Started is not null: return false;
            case EventTypeOneofCase.ExecutionStarted: Started = e.ExecutionStarted; break;
            case EventTypeOneofCase.WorkflowStarted when e.WorkflowStarted.Version is { } version: Patch(version); break;
            case EventTypeOneofCase.ExecutionSuspended: IsSuspended = true; break;
            case EventTypeOneofCase.ExecutionResumed: IsSuspended = false; break;
            case EventTypeOneofCase.ExecutionTerminated: Terminated ??= e.ExecutionTerminated; break;
            case EventTypeOneofCase.TaskScheduled: Begin(Kind.Task, e); break;
            case EventTypeOneofCase.TaskCompleted: return open.Remove((Kind.Task, e.TaskCompleted.TaskScheduledId));
            case EventTypeOneofCase.TaskFailed: return open.Remove((Kind.Task, e.TaskFailed.TaskScheduledId));
            case EventTypeOneofCase.TimerCreated: BeginTimer(e); break;
            case EventTypeOneofCase.TimerFired: return EndTimer(e.TimerFired.TimerId);
            case EventTypeOneofCase.EventRaised: EndWait(e.EventRaised.Name); break;
            case EventTypeOneofCase.ChildWorkflowInstanceCreated: BeginChild(e); break;
            case EventTypeOneofCase.ChildWorkflowInstanceCompleted: return EndChild(e.ChildWorkflowInstanceCompleted.TaskScheduledId);
            case EventTypeOneofCase.ChildWorkflowInstanceFailed: return EndChild(e.ChildWorkflowInstanceFailed.TaskScheduledId);
        }

        return true;
    }

    private void Patch(WorkflowVersion version)
    {
        patches.AddRange(version.Patches);
        if (version.HasName) Version ??= version.Name;
    }

    private void Begin(Kind kind, HistoryEvent e)
    {
        open.Add((kind, e.EventId));
        begun.Add(e.EventId);
    }

    private void BeginTimer(HistoryEvent e)
    {
        Begin(Kind.Timer, e);
        if (e.TimerCreated.ExternalEvent is { } awaited) waits.Add((awaited.Name, e.EventId));
    }

    private bool EndTimer(int timer)
    {
        waits.RemoveAll(w => w.Timer == timer);
        return open.Remove((Kind.Timer, timer));
    }

    /// <summary>Waits for one name are served in order, whatever its case.</summary>
    private void EndWait(string name)
    {
        int first = waits.FindIndex(w => w.Event.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (first < 0) return;
        int timer = waits[first].Timer;
        EndTimer(timer);
        cancelled.Add(timer);
    }

    private void BeginChild(HistoryEvent e)
    {
        Begin(Kind.Child, e);
        children.Add(e);
    }

    private bool EndChild(int task) => open.Remove((Kind.Child, task));
}
