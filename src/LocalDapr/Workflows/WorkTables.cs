using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>An activity that was scheduled and has not been answered.</summary>
internal sealed record OpenTask(WorkflowKey Key, long Generation, HistoryEvent Scheduled);

/// <summary>A timer that has not fired.</summary>
internal sealed record OpenTimer(WorkflowKey Key, long Generation, int Id, DateTimeOffset FireAt);

/// <summary>Activities to do. Whoever takes the row away has the right to say what became of it.</summary>
internal static class TaskTable
{
    public static List<OpenTask> All(Db db) => db.All(
        "SELECT app, id, generation, event FROM workflow_tasks",
        r => new OpenTask(
            new(r.GetString(0), r.GetString(1)), r.GetInt64(2), HistoryEvent.Parser.ParseFrom(r.GetFieldValue<byte[]>(3))));

    public static bool Has(Db db, OpenTask task) => db.First(
        "SELECT 1 FROM workflow_tasks WHERE app = $0 AND id = $1 AND generation = $2 AND task = $3", _ => true,
        task.Key.App, task.Key.Id, task.Generation, task.Scheduled.EventId);

    public static void Add(Db db, OpenTask task) => db.Run(
        "INSERT INTO workflow_tasks (app, id, generation, task, event) VALUES ($0, $1, $2, $3, $4)",
        task.Key.App, task.Key.Id, task.Generation, task.Scheduled.EventId, task.Scheduled.ToByteArray());

    public static bool Remove(Db db, OpenTask task) => db.Run(
        "DELETE FROM workflow_tasks WHERE app = $0 AND id = $1 AND generation = $2 AND task = $3",
        task.Key.App, task.Key.Id, task.Generation, task.Scheduled.EventId) > 0;

    public static void Clear(Db db, WorkflowKey key) =>
        db.Run("DELETE FROM workflow_tasks WHERE app = $0 AND id = $1", key.App, key.Id);
}

/// <summary>Timers that will fire.</summary>
internal static class TimerTable
{
    public static List<OpenTimer> All(Db db) => db.All(
        "SELECT app, id, generation, timer, fire_at FROM workflow_timers",
        r => new OpenTimer(
            new(r.GetString(0), r.GetString(1)), r.GetInt64(2), r.GetInt32(3), new DateTimeOffset(r.GetInt64(4), TimeSpan.Zero)));

    public static void Add(Db db, OpenTimer timer) => db.Run(
        "INSERT INTO workflow_timers (app, id, generation, timer, fire_at) VALUES ($0, $1, $2, $3, $4)",
        timer.Key.App, timer.Key.Id, timer.Generation, timer.Id, timer.FireAt.UtcTicks);

    public static bool Remove(Db db, WorkflowKey key, long generation, int timer) => db.Run(
        "DELETE FROM workflow_timers WHERE app = $0 AND id = $1 AND generation = $2 AND timer = $3",
        key.App, key.Id, generation, timer) > 0;

    public static void Clear(Db db, WorkflowKey key) =>
        db.Run("DELETE FROM workflow_timers WHERE app = $0 AND id = $1", key.App, key.Id);
}
