using Microsoft.Data.Sqlite;

namespace LocalDapr.State;

/// <summary>One connection with its prepared statements. Parameters are <c>$0, $1, …</c>. Not for two threads at once.</summary>
internal sealed class Db(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    public int Run(string sql, params ReadOnlySpan<object?> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first row; default when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var rows = Bind(sql, values).ExecuteReader();
        return rows.Read() ? read(rows) : default;
    }

    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var rows = Bind(sql, values).ExecuteReader();
        var all = new List<T>();
        while (rows.Read()) all.Add(read(rows));
        return all;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
            prepared[sql] = command;
        }

        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;

        return command;
    }
}
