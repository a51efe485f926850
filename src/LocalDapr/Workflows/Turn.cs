using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>
/// One turn: the history so far, what is new to it, and how far it will have come with that. What the worker makes of it is
/// <see cref="TurnEnd"/>; both are values, whoever stores and sends them.
/// </summary>
internal sealed record Turn(WorkflowKey Key, IReadOnlyList<HistoryEvent> Past, IReadOnlyList<HistoryEvent> New, Progress Progress)
{
    /// <summary>Timers that no longer have to fire: those of this turn alone.</summary>
    public required IReadOnlyList<int> CancelledTimers { get; init; }

    /// <summary>
    /// Whether an answer begins what this turn's history has begun already: then it answers an earlier turn, and was sent by a worker that
    /// does not say which.
    /// </summary>
    public bool IsAnsweredAlready(WorkflowResponse answer) => answer.Actions.Any(action => action.WorkflowActionTypeCase is
        WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask or WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer
        or WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow && Progress.Begun.Contains(action.Id));

    /// <summary>Null when nothing in the inbox is new to the history.</summary>
    public static Turn? Begin(WorkflowKey key, IReadOnlyList<HistoryEvent> history, IEnumerable<HistoryEvent> inbox, DateTimeOffset now)
    {
        var progress = Progress.Of(history);
        int before = progress.CancelledTimers.Count;
        List<HistoryEvent> taken = [Events.TurnStarted(now), .. inbox.Where(progress.Take)];
        return taken.Count == 1 || progress.Started is null ? null : new(key, history, taken, progress)
        {
            CancelledTimers = [.. progress.CancelledTimers.Skip(before)],
        };
    }
}
