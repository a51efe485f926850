using Dapr.DurableTask.Protobuf;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>Workflows in the file of all that must outlive the process; every change is one transaction.</summary>
internal sealed class WorkflowStore(Database database, TimeProvider clock)
{
    private readonly Sequence sequence = new(database, clock.GetUtcNow());

    public InstanceRow? Find(WorkflowKey key) => database.Read(db => InstanceTable.Find(db, key));

    /// <summary>An instance with how it was started.</summary>
    public (InstanceRow Row, ExecutionStartedEvent? Start)? FindWithStart(WorkflowKey key) => database.Read(db =>
        InstanceTable.Find(db, key) is { } row ? (row, HistoryTable.Start(db, key)) : ((InstanceRow, ExecutionStartedEvent?)?)null);

    public IReadOnlyList<HistoryEvent>? History(WorkflowKey key) =>
        database.Read(db => InstanceTable.Find(db, key) is null ? null : HistoryTable.All(db, key));

    public IReadOnlyList<string> Ids(string app, string after, int most) => database.Read(db => InstanceTable.Ids(db, app, after, most));

    /// <summary>An instance for its next turn; the history is read only if <paramref name="known"/> is not that.</summary>
    public LoadedInstance? Load(WorkflowKey key, KnownHistory? known) => database.Read(db =>
    {
        if (InstanceTable.Find(db, key) is not { } row) return null;
        bool isKnown = known is not null && known.Generation == row.Generation && known.Events.Count == row.Length;
        return new LoadedInstance(row, isKnown ? known!.Events : HistoryTable.All(db, key), InboxTable.All(db, key));
    });

    public Outstanding Outstanding() => database.Read(db => new Outstanding(
        InboxTable.Waiting(db), TaskTable.All(db), TimerTable.All(db), InstanceTable.WaitingForTheirTime(db)));

    public Task<StartOutcome> StartAsync(WorkflowKey key, HistoryEvent started) =>
        database.WriteAsync(db => Starts.Begin(db, sequence, key, started));

    public Task<StoredTurn?> CommitAsync(LoadedInstance before, TurnOutcome outcome) =>
        database.WriteAsync(db => Commit(db).Write(before, outcome));

    /// <summary>Begins an instance in the middle of its history; null when its id is or was somebody's.</summary>
    public Task<StoredTurn?> BeginAsync(WorkflowKey key, ExecutionStartedEvent started, TurnOutcome outcome) => database.WriteAsync(db =>
    {
        if (InstanceTable.Find(db, key) is not null) return null;
        var now = clock.GetUtcNow();
        var row = new InstanceRow(key, sequence.Next(), started.Name)
        {
            Execution = started.WorkflowInstance.ExecutionId, Created = now, Updated = now,
        };
        InstanceTable.Save(db, row);
        return Commit(db).Write(new(row, [], []), outcome);
    });

    /// <summary>What was in the inbox is of no use to anybody.</summary>
    public Task DropAsync(LoadedInstance it) => database.WriteAsync(db =>
    {
        InboxTable.Remove(db, it.Row.Key, it.Inbox.Select(i => i.Seq));
        return true;
    });

    /// <summary>False when it could not be told: it has ended, or is not there.</summary>
    public Task<bool> TellAsync(WorkflowKey key, HistoryEvent e) => database.WriteAsync(db => Commit(db).Tell(new(key, e)));

    public bool IsOpen(OpenTask task) => database.Read(db => TaskTable.Has(db, task));

    /// <summary>False when somebody else said already what became of it, or nobody waits for it any more.</summary>
    public Task<bool> EndAsync(OpenTask task, HistoryEvent ended) =>
        database.WriteAsync(db => TaskTable.Remove(db, task) && Commit(db).Tell(new(task.Key, ended)));

    public Task<bool> FireAsync(OpenTimer timer) => database.WriteAsync(db =>
        TimerTable.Remove(db, timer.Key, timer.Generation, timer.Id)
        && Commit(db).Tell(new(timer.Key, Events.TimerFired(clock.GetUtcNow(), timer.Id, timer.FireAt))));

    public Task<int> PurgeAsync(WorkflowKey key, bool recursive, bool force) =>
        database.WriteAsync(db => Purge.Run(db, key, recursive, force));

    /// <summary>Instances of the app that have ended.</summary>
    public IReadOnlyList<InstanceRow> Over(string app) => database.Read(db => InstanceTable.Over(db, app));

    /// <summary>Erases an instance that has ended, unless there is another one of its id by now.</summary>
    public Task ForgetAsync(InstanceRow row) => database.WriteAsync(db =>
    {
        if (InstanceTable.Find(db, row.Key) is { IsOver: true } now && now.Generation == row.Generation) InstanceTable.Erase(db, row.Key);
        return true;
    });

    private TurnCommit Commit(Db db) => new(db, sequence, clock.GetUtcNow());
}

/// <summary>A history as it was after the last turn.</summary>
internal sealed record KnownHistory(long Generation, IReadOnlyList<HistoryEvent> Events);

/// <summary>What was still to do when the process ended.</summary>
internal sealed record Outstanding(
    IReadOnlyList<WorkflowKey> Waiting, IReadOnlyList<OpenTask> Tasks, IReadOnlyList<OpenTimer> Timers, IReadOnlyList<InstanceRow> Later);
