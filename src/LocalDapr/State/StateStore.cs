using System.Globalization;
using LocalDapr.Faults;

namespace LocalDapr.State;

/// <summary>The values of one state component.</summary>
internal sealed class StateStore
{
    /// <summary>SQLITE_FULL.</summary>
    private const int IsFull = 13;

    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly FaultHooks? faults;
    private long lastEtag;

    public StateStore(string name, Database database, TimeProvider clock, FaultHooks? faults)
    {
        Name = name;
        this.database = database;
        this.clock = clock;
        this.faults = faults;
        // Above everything stored, and above everything deleted before this start: an etag must never come back for another value.
        long highest = database.Read(db => db.First("SELECT max(etag) FROM state", r => r.IsDBNull(0) ? 0 : r.GetInt64(0)));
        lastEtag = Math.Max(highest, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);
    }

    public string Name { get; }

    public StateItem? Get(string key) => database.Read(db => db.First(
        "SELECT value, etag, expires FROM state WHERE store = $0 AND key = $1 AND (expires IS NULL OR expires > $2)",
        r => new StateItem(
            r.GetFieldValue<byte[]>(0),
            r.GetInt64(1).ToString(CultureInfo.InvariantCulture),
            r.IsDBNull(2) ? null : DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(2))),
        Name, key, Now));

    /// <summary>All of it or nothing; durable when it completes.</summary>
    /// <exception cref="StateSaveException">The store failed.</exception>
    public async Task<StateOutcome> ApplyAsync(IReadOnlyList<StateChange> changes)
    {
        if (faults is not null && !faults.None && changes.FirstOrDefault(c => faults.NextSaveFails(Name, c.Key)) is { } doomed)
            throw new StateSaveException($"failed to save {doomed.Key} (fault hook)");
        foreach (var change in changes)
        {
            if (change.Etag is not null && !long.TryParse(change.Etag, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return StateOutcome.EtagInvalid;
        }

        try
        {
            return await database.WriteAsync(db => Apply(db, changes));
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw new StateSaveException(e.Message) { IsCertain = e.SqliteErrorCode == IsFull };
        }
        catch (DatabaseException e)
        {
            throw new StateSaveException(e.Message) { IsCertain = true };
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private StateOutcome Apply(Db db, IReadOnlyList<StateChange> changes)
    {
        // There is one writer: what was seen here is still so when it is written, and nothing has to be undone.
        foreach (var change in changes)
        {
            if (change.Etag is null && !change.FirstWrite) continue;
            long? stored = db.First<long?>(
                "SELECT etag FROM state WHERE store = $0 AND key = $1 AND (expires IS NULL OR expires > $2)",
                r => r.GetInt64(0), Name, change.Key, Now);
            bool fits = change.Etag is null ? stored is null : stored?.ToString(CultureInfo.InvariantCulture) == change.Etag;
            if (!fits) return StateOutcome.EtagMismatch;
        }

        foreach (var change in changes)
        {
            if (change.Value is null) db.Run("DELETE FROM state WHERE store = $0 AND key = $1", Name, change.Key);
            else Upsert(db, change, change.Value);
        }

        return StateOutcome.Done;
    }

    private void Upsert(Db db, StateChange change, byte[] value) => db.Run(
        """
        INSERT INTO state (store, key, value, etag, expires) VALUES ($0, $1, $2, $3, $4)
        ON CONFLICT (store, key) DO UPDATE SET value = excluded.value, etag = excluded.etag, expires = excluded.expires
        """,
        Name, change.Key, value, ++lastEtag, change.Ttl is { } ttl ? Now + (long)ttl.TotalMilliseconds : null);
}

/// <summary>The store could not save; nothing was written.</summary>
internal sealed class StateSaveException(string message) : Exception(message)
{
    /// <summary>Whether the caller may be told so: there is no room, and what was begun has been undone.</summary>
    public bool IsCertain { get; init; }
}
