using LocalDapr.State;
using Microsoft.Data.Sqlite;

namespace LocalDapr.Actors;

/// <summary>Reminders on disk. A step of an old version never touches a newer one.</summary>
internal sealed class ReminderTable(Database database)
{
    public List<Reminder> All() => database.Read(db => db.All(
        "SELECT type, id, name, version, data, due_time, period, ttl, next, every, left, expires FROM reminders", Row));

    public Task SaveAsync(Reminder it) => database.WriteAsync(db => db.Run(
        """
        INSERT INTO reminders (type, id, name, version, data, due_time, period, ttl, next, every, left, expires)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (type, id, name) DO UPDATE SET version = excluded.version, data = excluded.data, due_time = excluded.due_time,
          period = excluded.period, ttl = excluded.ttl, next = excluded.next, every = excluded.every, left = excluded.left,
          expires = excluded.expires
        WHERE excluded.version >= version
        """,
        it.Key.Actor.Type, it.Key.Actor.Id, it.Key.Name, it.Version, it.Request.Data, it.Request.DueTime, it.Request.Period, it.Request.Ttl,
        it.Schedule.Next.UtcTicks, it.Schedule.Every?.Ticks, it.Schedule.Left, it.Schedule.Expires?.UtcTicks));

    public Task AdvanceAsync(Reminder it) => database.WriteAsync(db => db.Run(
        "UPDATE reminders SET next = $4, left = $5 WHERE type = $0 AND id = $1 AND name = $2 AND version = $3",
        it.Key.Actor.Type, it.Key.Actor.Id, it.Key.Name, it.Version, it.Schedule.Next.UtcTicks, it.Schedule.Left));

    public Task DeleteAsync(Reminder it) => database.WriteAsync(db => db.Run(
        "DELETE FROM reminders WHERE type = $0 AND id = $1 AND name = $2 AND version <= $3",
        it.Key.Actor.Type, it.Key.Actor.Id, it.Key.Name, it.Version));

    private static Reminder Row(SqliteDataReader r) => new(
        new(new(r.GetString(0), r.GetString(1)), r.GetString(2)),
        r.GetInt64(3),
        new(r.GetString(5), r.GetString(6), r.GetString(7), r.IsDBNull(4) ? null : r.GetString(4)),
        new(
            new(r.GetInt64(8), TimeSpan.Zero),
            r.IsDBNull(9) ? null : TimeSpan.FromTicks(r.GetInt64(9)),
            r.IsDBNull(10) ? null : r.GetInt32(10),
            r.IsDBNull(11) ? null : new DateTimeOffset(r.GetInt64(11), TimeSpan.Zero)));
}
