using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>
/// Numbers that never come back, also not after a restart: the order in which events come in, and generations of instances. It begins above
/// all that is stored, and above all that was before this start.
/// </summary>
internal sealed class Sequence
{
    private long last;

    public Sequence(Database database, DateTimeOffset now)
    {
        long stored = database.Read(db => db.First(
            "SELECT max(coalesce((SELECT max(seq) FROM workflow_inbox), 0), coalesce((SELECT max(generation) FROM workflows), 0))",
            r => r.GetInt64(0)));
        last = Math.Max(stored, now.ToUnixTimeMilliseconds() * 1000);
    }

    public long Next() => Interlocked.Increment(ref last);
}
