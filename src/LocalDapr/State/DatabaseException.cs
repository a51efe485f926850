using Microsoft.Data.Sqlite;

namespace LocalDapr.State;

/// <summary>The file of all that must outlive the process cannot be used; the message says what a person can do.</summary>
internal sealed class DatabaseException : Exception
{
    private const int IsCorrupt = 11;
    private const int IsNoDatabase = 26;

    public DatabaseException(string file, Exception inner)
        : base($"the state store {file} cannot be used: {inner.Message}. {Remedy(file, inner)}", inner)
    {
    }

    private DatabaseException(string message)
        : base(message)
    {
    }

    public static DatabaseException Deleted(string file) => new(
        $"the state store {file} was deleted while it is in use: nothing is written any more, for it would be lost. Reads go on as long as "
        + "this process; take from it what you need (such as a backup), end it, and start again");

    private static string Remedy(string file, Exception inner) => inner is SqliteException { SqliteErrorCode: IsCorrupt or IsNoDatabase }
        ? $"Put it aside (mv {file} {file}.broken), together with {file}-wal, and start again with an empty one; then restore a backup. "
            + "What runs goes on meanwhile"
        : $"See that {Path.GetDirectoryName(file)} is there, can be written, and has room, or choose another folder with --folder";
}
