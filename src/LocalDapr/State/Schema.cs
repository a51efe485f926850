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
        CREATE TABLE IF NOT EXISTS workflows (
          app TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL, status INTEGER NOT NULL, name TEXT NOT NULL,
          execution TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL, started INTEGER, starts INTEGER, ended INTEGER,
          length INTEGER NOT NULL, version TEXT, custom_status TEXT, ending BLOB, parent BLOB,
          PRIMARY KEY (app, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS workflow_history (
          app TEXT NOT NULL, id TEXT NOT NULL, n INTEGER NOT NULL, event BLOB NOT NULL,
          PRIMARY KEY (app, id, n)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS workflow_inbox (
          app TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, event BLOB NOT NULL,
          PRIMARY KEY (app, id, seq)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS workflow_tasks (
          app TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL, task INTEGER NOT NULL, event BLOB NOT NULL,
          PRIMARY KEY (app, id, generation, task)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS workflow_timers (
          app TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL, timer INTEGER NOT NULL, fire_at INTEGER NOT NULL,
          PRIMARY KEY (app, id, generation, timer)) WITHOUT ROWID;
        """;
}
