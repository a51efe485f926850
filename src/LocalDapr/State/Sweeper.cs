using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using LocalDapr.Scheduling;

namespace LocalDapr.State;

/// <summary>Throws away what has expired, now and then; reads do not see it anyway.</summary>
internal sealed class Sweeper(Database database, Scheduler scheduler, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    public void Start() => scheduler.At(clock.GetUtcNow() + Pause, () => _ = SweepAsync());

    public async Task<int> SweepAsync()
    {
        try
        {
            long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return await database.WriteAsync(db =>
                db.Run("DELETE FROM state WHERE expires IS NOT NULL AND expires <= $0", now)
                + db.Run("DELETE FROM locks WHERE expires <= $0", now));
        }
        catch (Exception e) when (e is ChannelClosedException or SqliteException or DatabaseException)
        {
            // Closing, or the disk is full: what expired stays invisible, and the next sweep comes.
            return 0;
        }
        finally
        {
            Start();
        }
    }
}
