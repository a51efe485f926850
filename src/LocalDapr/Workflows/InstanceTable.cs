using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using LocalDapr.State;
using Microsoft.Data.Sqlite;

namespace LocalDapr.Workflows;

/// <summary>The rows of instances, one each.</summary>
internal static class InstanceTable
{
    private const string Columns =
        "app, id, generation, name, status, execution, created, updated, started, starts, ended, length, version, custom_status, ending, "
        + "parent";

    public static InstanceRow? Find(Db db, WorkflowKey key) =>
        db.First($"SELECT {Columns} FROM workflows WHERE app = $0 AND id = $1", Read, key.App, key.Id);

    public static void Save(Db db, InstanceRow row) => db.Run(
        $"""
        INSERT OR REPLACE INTO workflows ({Columns}) VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        row.Key.App, row.Key.Id, row.Generation, row.Name, (int)row.Status, row.Execution, row.Created.UtcTicks, row.Updated.UtcTicks,
        row.Started?.UtcTicks, row.Starts?.UtcTicks, row.Ended?.UtcTicks, row.Length, row.Version, row.CustomStatus,
        row.Ending?.ToByteArray(), row.Parent?.ToByteArray());

    /// <summary>Ids after one of them, in order.</summary>
    public static List<string> Ids(Db db, string app, string after, int most) => db.All(
        "SELECT id FROM workflows WHERE app = $0 AND id > $1 ORDER BY id LIMIT $2", r => r.GetString(0), app, after, most);

    public static List<InstanceRow> WaitingForTheirTime(Db db) =>
        db.All($"SELECT {Columns} FROM workflows WHERE status = {(int)OrchestrationStatus.Pending} AND starts IS NOT NULL", Read);

    /// <summary>Instances of an app that have ended.</summary>
    public static List<InstanceRow> Over(Db db, string app) =>
        db.All($"SELECT {Columns} FROM workflows WHERE app = $0 AND ended IS NOT NULL", Read, app);

    /// <summary>All that is stored of an instance.</summary>
    public static void Erase(Db db, WorkflowKey key)
    {
        foreach (string table in (string[])["workflows", "workflow_history", "workflow_inbox", "workflow_tasks", "workflow_timers"])
            db.Run($"DELETE FROM {table} WHERE app = $0 AND id = $1", key.App, key.Id);
    }

    private static InstanceRow Read(SqliteDataReader r) => new(new(r.GetString(0), r.GetString(1)), r.GetInt64(2), r.GetString(3))
    {
        Status = (OrchestrationStatus)r.GetInt32(4),
        Execution = r.GetString(5),
        Created = Time(r, 6)!.Value,
        Updated = Time(r, 7)!.Value,
        Started = Time(r, 8),
        Starts = Time(r, 9),
        Ended = Time(r, 10),
        Length = r.GetInt32(11),
        Version = r.IsDBNull(12) ? null : r.GetString(12),
        CustomStatus = r.IsDBNull(13) ? null : r.GetString(13),
        Ending = r.IsDBNull(14) ? null : ExecutionCompletedEvent.Parser.ParseFrom(r.GetFieldValue<byte[]>(14)),
        Parent = r.IsDBNull(15) ? null : ParentInstanceInfo.Parser.ParseFrom(r.GetFieldValue<byte[]>(15)),
    };

    private static DateTimeOffset? Time(SqliteDataReader r, int column) =>
        r.IsDBNull(column) ? null : new DateTimeOffset(r.GetInt64(column), TimeSpan.Zero);
}
