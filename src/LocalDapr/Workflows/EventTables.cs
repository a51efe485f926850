using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>What has happened to an instance, in order.</summary>
internal static class HistoryTable
{
    public static List<HistoryEvent> All(Db db, WorkflowKey key) => db.All(
        "SELECT event FROM workflow_history WHERE app = $0 AND id = $1 ORDER BY n",
        r => HistoryEvent.Parser.ParseFrom(r.GetFieldValue<byte[]>(0)), key.App, key.Id);

    /// <summary>How it was started: the first event after the beginning of its first turn.</summary>
    public static ExecutionStartedEvent? Start(Db db, WorkflowKey key) => db.All(
        "SELECT event FROM workflow_history WHERE app = $0 AND id = $1 ORDER BY n LIMIT 2",
        r => HistoryEvent.Parser.ParseFrom(r.GetFieldValue<byte[]>(0)).ExecutionStarted, key.App, key.Id)
        .Find(started => started is not null);

    public static void Append(Db db, WorkflowKey key, int from, IEnumerable<HistoryEvent> events)
    {
        foreach (var e in events)
        {
            db.Run("INSERT INTO workflow_history (app, id, n, event) VALUES ($0, $1, $2, $3)", key.App, key.Id, from++, e.ToByteArray());
        }
    }

    public static void Clear(Db db, WorkflowKey key) =>
        db.Run("DELETE FROM workflow_history WHERE app = $0 AND id = $1", key.App, key.Id);
}

/// <summary>What has come for an instance and no turn has taken yet, in the order of its coming.</summary>
internal static class InboxTable
{
    public static List<(long Seq, HistoryEvent Event)> All(Db db, WorkflowKey key) => db.All(
        "SELECT seq, event FROM workflow_inbox WHERE app = $0 AND id = $1 ORDER BY seq",
        r => (r.GetInt64(0), HistoryEvent.Parser.ParseFrom(r.GetFieldValue<byte[]>(1))), key.App, key.Id);

    public static void Add(Db db, WorkflowKey key, long seq, HistoryEvent e) => db.Run(
        "INSERT INTO workflow_inbox (app, id, seq, event) VALUES ($0, $1, $2, $3)", key.App, key.Id, seq, e.ToByteArray());

    /// <summary>Puts events before all that is there; <paramref name="next"/> is more than any number in use.</summary>
    public static void AddInFront(Db db, WorkflowKey key, long next, IReadOnlyList<HistoryEvent> events)
    {
        long first = db.First(
            "SELECT min(seq) FROM workflow_inbox WHERE app = $0 AND id = $1", r => r.IsDBNull(0) ? next : r.GetInt64(0), key.App, key.Id);
        for (int i = 0; i < events.Count; i++) Add(db, key, first - events.Count + i, events[i]);
    }

    public static void Remove(Db db, WorkflowKey key, IEnumerable<long> taken)
    {
        foreach (long seq in taken)
            db.Run("DELETE FROM workflow_inbox WHERE app = $0 AND id = $1 AND seq = $2", key.App, key.Id, seq);
    }

    public static void Clear(Db db, WorkflowKey key) =>
        db.Run("DELETE FROM workflow_inbox WHERE app = $0 AND id = $1", key.App, key.Id);

    public static List<WorkflowKey> Waiting(Db db) =>
        db.All("SELECT DISTINCT app, id FROM workflow_inbox", r => new WorkflowKey(r.GetString(0), r.GetString(1)));
}
