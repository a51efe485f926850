using LocalDapr.State;

namespace LocalDapr.Locks;

/// <summary>Locks with an owner and an end; they survive a restart, or two apps could hold one.</summary>
internal sealed class LockStore(Database database, TimeProvider clock)
{
    public Task<bool> TryLockAsync(string store, string resource, string owner, TimeSpan duration) => database.WriteAsync(db =>
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return db.Run(
            """
            INSERT INTO locks (store, resource, owner, expires) VALUES ($0, $1, $2, $3)
            ON CONFLICT (store, resource) DO UPDATE SET owner = excluded.owner, expires = excluded.expires WHERE locks.expires <= $4
            """,
            store, resource, owner, now + (long)duration.TotalMilliseconds, now) > 0;
    });

    public Task<UnlockOutcome> UnlockAsync(string store, string resource, string owner) => database.WriteAsync(db =>
    {
        string? holder = db.First(
            "SELECT owner FROM locks WHERE store = $0 AND resource = $1 AND expires > $2",
            r => r.GetString(0), store, resource, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (holder is null) return UnlockOutcome.NotThere;
        if (holder != owner) return UnlockOutcome.BelongsToOthers;
        db.Run("DELETE FROM locks WHERE store = $0 AND resource = $1", store, resource);
        return UnlockOutcome.Done;
    });
}

/// <summary>The numbers are those of the API.</summary>
internal enum UnlockOutcome
{
    Done = 0,
    NotThere = 1,
    BelongsToOthers = 2,
}
