using System.Collections.Concurrent;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Discovery;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>A catalog in memory that can be away, and that can forget.</summary>
internal sealed class FakeCatalog : ICatalog
{
    public ConcurrentDictionary<string, CatalogEntry> Entries { get; } = new();

    public ConcurrentQueue<string> Passed { get; } = new();

    public bool Away { get; set; }

    /// <summary>What deregistering waits for; none when it does not.</summary>
    public TaskCompletionSource? Hold { get; set; }

    /// <summary>What other workers have left.</summary>
    public List<SilentEntry> Left { get; } = [];

    public string Summary => string.Join(", ", Entries.Keys.Order(StringComparer.Ordinal));

    public Task Register(CatalogEntry entry, CancellationToken cancel) => Do(() => Entries[entry.Id] = entry);

    public async Task Deregister(string id, CancellationToken cancel)
    {
        if (Hold is { } hold) await hold.Task.WaitAsync(cancel);
        await Do(() => Entries.TryRemove(id, out _));
    }

    public Task<ValueList<SilentEntry>> Silent(CancellationToken cancel) => Do(() => Left.ToValueList());

    public Task<bool> Remove(SilentEntry entry, string cluster, CancellationToken cancel) => Do(() => Left.Remove(entry));

    public Task<bool> Pass(string id, CancellationToken cancel) => Do(() =>
    {
        Passed.Enqueue(id);
        return Entries.ContainsKey(id);
    });

    public Task<ValueList<string>> Ids(ValueMap meta, CancellationToken cancel) => Do(() =>
        Entries.Values.Where(e => meta.All(m => e.Meta[m.Key] == m.Value)).Select(e => e.Id).ToValueList());

    private async Task<T> Do<T>(Func<T> act)
    {
        await Task.Yield();
        return Away ? throw new CatalogException("Consul cannot be reached: connection refused") : act();
    }
}
