using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace LocalDapr.State;

/// <summary>
/// One SQLite file for everything that must outlive the process. All writes go through one queue and are committed in groups: what waits
/// while a commit runs shares the next one. A write is acknowledged after its commit, never before.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private const int MostInOneCommit = 256;
    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly ConcurrentBag<Db> readers = [];
    private readonly Lock gate = new();
    private readonly string connectionString;
    private readonly bool inMemory;
    private readonly string? file;
    private readonly Db writer;
    private readonly FileStream? owned;
    private readonly Task writing;

    private Database(string connectionString, bool inMemory, bool survivePowerCut, string? file = null, FileStream? owned = null)
    {
        (this.file, this.owned) = (file, owned);
        this.connectionString = connectionString;
        this.inMemory = inMemory;
        writer = Connect();
        // NORMAL leaves the last commits to the operating system, which a crash of this process does not touch; FULL waits for the disk.
        if (!inMemory) writer.Run($"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(survivePowerCut ? "FULL" : "NORMAL")};");
        writer.Run(Schema.Sql);
        writing = Task.Run(WriteAsync);
    }

    public static Database Open(string? folder, bool survivePowerCut)
    {
        if (folder is null) return new("Data Source=:memory:;Pooling=False", inMemory: true, survivePowerCut);
        var file = Path.Combine(folder, "localdapr.db");
        FileStream? owned = null;
        try
        {
            Directory.CreateDirectory(folder);
            owned = Own(folder);
            var source = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
            return new(source.ToString(), inMemory: false, survivePowerCut, file, owned);
        }
        catch (Exception e)
        {
            owned?.Dispose();
            // What is wrong with the folder says the system in words of its own, with the path.
            throw e is SqliteException or UnauthorizedAccessException ? new DatabaseException(file, e) : e;
        }
    }

    /// <summary>Reads what has been committed.</summary>
    public T Read<T>(Func<Db, T> read)
    {
        if (inMemory)
        {
            lock (gate) return read(writer);
        }

        if (!readers.TryTake(out var reader))
        {
            // A new connection would find nothing, or make an empty file; the writer still has what was there.
            if (!File.Exists(file))
            {
                lock (gate) return read(writer);
            }

            reader = Connect();
        }

        try
        {
            return read(reader);
        }
        finally
        {
            readers.Add(reader);
        }
    }

    /// <summary>
    /// Runs <paramref name="write"/> in a transaction and completes when it is committed. It may run twice (when its group failed) and must
    /// look before it writes: what it has written before it throws stays.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<Db, T> write)
    {
        var pending = new Pending<T>(write);
        await queue.Writer.WriteAsync(pending);
        return await pending.Result;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writing;
        writer.Dispose();
        while (readers.TryTake(out var reader)) reader.Dispose();
        if (owned is not null) await owned.DisposeAsync();
    }

    /// <summary>
    /// Two hosts on one folder would fire every reminder twice; the kernel ends the claim with the process, however that ends.
    /// </summary>
    private static FileStream Own(string folder)
    {
        try
        {
            return new(Path.Combine(folder, "localdapr.owner"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw File.Exists(Path.Combine(folder, "localdapr.owner"))
                ? new IOException($"the folder {folder} is in use by another LocalDapr: {e.Message}", e) : e;
        }
    }

    private Db Connect()
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        var db = new Db(connection);
        db.Run("PRAGMA busy_timeout = 5000;");
        return db;
    }

    private async Task WriteAsync()
    {
        var group = new List<Pending>(MostInOneCommit);
        while (await queue.Reader.WaitToReadAsync())
        {
            while (group.Count < MostInOneCommit && queue.Reader.TryRead(out var next)) group.Add(next);
            lock (gate) Commit(group);
            foreach (var one in group) one.Tell();
            group.Clear();
        }
    }

    private void Commit(List<Pending> group)
    {
        if (!inMemory && !File.Exists(file))
        {
            // Written now, it would be gone with this process.
            foreach (var one in group) one.Break(DatabaseException.Deleted(file!));
            return;
        }

        if (TryCommit(group) is not { } broken) return;
        if (group.Count == 1)
        {
            group[0].Break(broken);
            return;
        }

        foreach (var one in group)
        {
            if (TryCommit([one]) is { } e) one.Break(e);
        }
    }

    private SqliteException? TryCommit(List<Pending> group)
    {
        try
        {
            writer.Run("BEGIN IMMEDIATE");
            foreach (var one in group) one.Run(writer);
            writer.Run("COMMIT");
            return null;
        }
        catch (SqliteException e)
        {
            try
            {
                writer.Run("ROLLBACK");
            }
            catch (SqliteException)
            {
                // SQLite has rolled back by itself (disk full).
            }

            return e;
        }
    }

    private abstract class Pending
    {
        public abstract void Run(Db db);

        public abstract void Break(Exception e);

        public abstract void Tell();
    }

    private sealed class Pending<T>(Func<Db, T> write) : Pending
    {
        private readonly TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? broken;
        private T? value;

        public Task<T> Result => result.Task;

        public override void Run(Db db)
        {
            broken = null;
            try
            {
                value = write(db);
            }
            catch (Exception e) when (e is not SqliteException)
            {
                broken = e;
            }
        }

        public override void Break(Exception e) => broken = e;

        public override void Tell()
        {
            if (broken is null) result.SetResult(value!);
            else result.SetException(broken);
        }
    }
}
