namespace LocalDapr.State;

internal static class Schema
{
    public const string Sql =
        """
        CREATE TABLE IF NOT EXISTS state (
          store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, etag INTEGER NOT NULL, expires INTEGER,
          PRIMARY KEY (store, key)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS state_expires ON state (expires) WHERE expires IS NOT NULL;
        CREATE TABLE IF NOT EXISTS reminders (
          type TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, data TEXT,
          due_time TEXT NOT NULL, period TEXT NOT NULL, ttl TEXT NOT NULL,
          next INTEGER NOT NULL, every INTEGER, left INTEGER, expires INTEGER,
          PRIMARY KEY (type, id, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS locks (
          store TEXT NOT NULL, resource TEXT NOT NULL, owner TEXT NOT NULL, expires INTEGER NOT NULL,
          PRIMARY KEY (store, resource)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS configuration (
          store TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, version TEXT NOT NULL,
          PRIMARY KEY (store, key)) WITHOUT ROWID;
        """;
}
