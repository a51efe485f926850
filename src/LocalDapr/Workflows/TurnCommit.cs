using Dapr.DurableTask.Protobuf;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>An instance at the beginning of a turn.</summary>
internal sealed record LoadedInstance(
    InstanceRow Row, IReadOnlyList<HistoryEvent> History, IReadOnlyList<(long Seq, HistoryEvent Event)> Inbox);

/// <summary>What a turn has left behind, now that it is stored.</summary>
internal sealed record StoredTurn(InstanceRow Row)
{
    /// <summary>Instances that something came for.</summary>
    public List<WorkflowKey> Woken { get; } = [];

    public List<OpenTask> Tasks { get; } = [];

    public List<OpenTimer> Timers { get; } = [];

    /// <summary>Instances that begin later.</summary>
    public List<WorkflowStart> Later { get; } = [];
}

/// <summary>Writes a turn: all of it in one transaction, also what others are told.</summary>
internal sealed class TurnCommit(Db db, Sequence sequence, DateTimeOffset now)
{
    /// <summary>A timer at the end of all time is a wait without an end.</summary>
    private const int Never = 9999;

    /// <summary>Null when the instance is no longer what the turn began with; then nothing was written.</summary>
    public StoredTurn? Write(LoadedInstance before, TurnOutcome outcome)
    {
        var key = before.Row.Key;
        if (InstanceTable.Find(db, key) is not { } current
            || current.Generation != before.Row.Generation || current.Length != before.Row.Length) return null;
        if (!outcome.IsStalled) InboxTable.Remove(db, key, before.Inbox.Select(i => i.Seq));
        var row = Next(before, outcome);
        InstanceTable.Save(db, row);
        if (outcome.StartsOverWith is { } first) StartOver(key, first);
        HistoryTable.Append(db, key, before.Row.Length, outcome.Added);
        if (row.IsOver) Clear(key);
        var stored = new StoredTurn(row);
        if (outcome.StartsOverWith is not null) stored.Woken.Add(key);
        WriteWork(stored, outcome);
        foreach (var start in outcome.Starts) Start(stored, start);
        stored.Woken.AddRange(outcome.Messages.Where(Tell).Select(m => m.To));
        return stored;
    }

    /// <summary>Puts an event into the inbox of whom it is for, unless that has ended or is not the one that is meant.</summary>
    public bool Tell(WorkflowMessage message)
    {
        if (InstanceTable.Find(db, message.To) is not { IsOver: false } to) return false;
        if (message.Execution is { Length: > 0 } execution && to.Execution != execution) return false;
        if (message.ChildOf is { } parent && (to.Parent?.WorkflowInstance.InstanceId != parent.Id || to.Parent.AppID != parent.App))
            return false;
        InboxTable.Add(db, message.To, sequence.Next(), message.Event);
        return true;
    }

    private InstanceRow Next(LoadedInstance before, TurnOutcome outcome)
    {
        string? shown = outcome.IsStalled ? before.Row.CustomStatus : outcome.CustomStatus;
        var row = before.Row with { Status = outcome.Status, CustomStatus = shown, Updated = now };
        if (outcome.StartsOverWith is [var again, ..])
        {
            return row with
            {
                Generation = sequence.Next(), Length = 0, Created = now, Started = now, Version = null,
                Execution = again.ExecutionStarted.WorkflowInstance.ExecutionId,
            };
        }

        row = row with { Length = row.Length + outcome.Added.Count };
        if (before.Row.Length == 0 && outcome.Added is [{ WorkflowStarted: { } first } begun, ..])
        {
            row = row with
            {
                Started = begun.Timestamp.ToDateTimeOffset(),
                Version = first.Version is { HasName: true } version ? version.Name : null,
            };
        }

        return outcome.Ending is { } ending ? row with { Ending = ending, Ended = now } : row;
    }

    private void StartOver(WorkflowKey key, IReadOnlyList<HistoryEvent> first)
    {
        HistoryTable.Clear(db, key);
        Clear(key, alsoInbox: false);
        InboxTable.AddInFront(db, key, sequence.Next(), first);
    }

    private void Clear(WorkflowKey key, bool alsoInbox = true)
    {
        if (alsoInbox) InboxTable.Clear(db, key);
        TaskTable.Clear(db, key);
        TimerTable.Clear(db, key);
    }

    private void WriteWork(StoredTurn stored, TurnOutcome outcome)
    {
        var (key, generation) = (stored.Row.Key, stored.Row.Generation);
        foreach (var scheduled in outcome.Activities)
        {
            var task = new OpenTask(key, generation, scheduled);
            TaskTable.Add(db, task);
            stored.Tasks.Add(task);
        }

        foreach (var created in outcome.Timers)
        {
            var fireAt = created.TimerCreated.FireAt.ToDateTimeOffset();
            if (fireAt.Year >= Never) continue;
            var timer = new OpenTimer(key, generation, created.EventId, fireAt);
            TimerTable.Add(db, timer);
            stored.Timers.Add(timer);
        }

        foreach (int timer in outcome.CancelledTimers) TimerTable.Remove(db, key, generation, timer);
    }

    private void Start(StoredTurn stored, WorkflowStart start)
    {
        if (Starts.Begin(db, sequence, start.Key, start.Started) == StartOutcome.Started)
        {
            stored.Woken.Add(start.Key);
            if (start.Started.ExecutionStarted.ScheduledStartTimestamp is not null) stored.Later.Add(start);
            return;
        }

        if (start.Task is not { } task || stored.Row.IsOver) return;
        InboxTable.Add(db, stored.Row.Key, sequence.Next(), Events.ChildFailed(now, task, new()
        {
            ErrorType = "WorkflowInstanceAlreadyExists",
            ErrorMessage = $"an active workflow with ID '{start.Key.Id}' already exists",
        }));
        stored.Woken.Add(stored.Row.Key);
    }
}
