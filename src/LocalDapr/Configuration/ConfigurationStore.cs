using System.Collections.Concurrent;
using LocalDapr.State;

namespace LocalDapr.Configuration;

/// <summary>Configuration items of one value and version each, and who wants to hear of changes.</summary>
internal sealed class ConfigurationStore(Database database)
{
    private readonly ConcurrentDictionary<string, Watcher> watchers = [];

    /// <summary>The named items, or all of the store when none are named.</summary>
    public IReadOnlyList<ConfigurationItem> Get(string store, IReadOnlyCollection<string> keys)
    {
        var all = database.Read(db => db.All(
            "SELECT key, value, version FROM configuration WHERE store = $0 ORDER BY key",
            r => new ConfigurationItem(r.GetString(0), r.GetString(1), r.GetString(2)), store));
        return keys.Count == 0 ? all : [.. all.Where(item => keys.Contains(item.Key))];
    }

    public async Task SetAsync(string store, ConfigurationItem item)
    {
        await database.WriteAsync(db => db.Run(
            """
            INSERT INTO configuration (store, key, value, version) VALUES ($0, $1, $2, $3)
            ON CONFLICT (store, key) DO UPDATE SET value = excluded.value, version = excluded.version
            """,
            store, item.Key, item.Value, item.Version));
        foreach (var watcher in watchers.Values)
        {
            if (watcher.Store == store && (watcher.Keys.Count == 0 || watcher.Keys.Contains(item.Key))) watcher.Tell(item);
        }
    }

    /// <summary>Answers the id of the subscription.</summary>
    public string Watch(string store, IReadOnlyCollection<string> keys, Action<ConfigurationItem> tell, Action ended)
    {
        string id = Guid.NewGuid().ToString();
        watchers[id] = new(store, keys, tell, ended);
        return id;
    }

    public bool Unwatch(string id)
    {
        if (!watchers.TryRemove(id, out var watcher)) return false;
        watcher.Ended();
        return true;
    }

    private sealed record Watcher(string Store, IReadOnlyCollection<string> Keys, Action<ConfigurationItem> Tell, Action Ended);
}

internal sealed record ConfigurationItem(string Key, string Value, string Version);
