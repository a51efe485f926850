using System.Text.Json;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.WorkerAgent.Storage;

/// <summary>
/// Keeps the highest epoch seen of each service on disk, so that a ServiceMaster that has been replaced can no longer have an effect here.
/// </summary>
internal sealed class Fence(IStorage storage, TimeProvider clock)
{
    private const string Name = "epochs.json";

    /// <summary>Services that gave no order for the longest time are dropped above this.</summary>
    private const int MostServices = 20_000;

    private readonly Lock gate = new();
    private readonly Gate writing = new(places: 1);
    private readonly Dictionary<string, Mark> marks = Read(storage);
    private long version;
    private long written;

    /// <summary>All services that have ever ordered something here.</summary>
    public IReadOnlyList<string> Services
    {
        get
        {
            lock (gate) return [.. marks.Keys];
        }
    }

    /// <summary>The highest epoch known of the service; 0 when none is.</summary>
    public long Known(string service)
    {
        lock (gate) return marks.TryGetValue(service, out var mark) ? mark.Epoch : 0;
    }

    /// <summary>True once the epoch is on disk; false when a higher one is known.</summary>
    public async Task<bool> Pass(string service, long epoch, CancellationToken cancel)
    {
        long mine;
        lock (gate)
        {
            if (marks.TryGetValue(service, out var known))
            {
                if (epoch < known.Epoch) return false;
                if (epoch == known.Epoch && version == written) return true;
            }

            if (known?.Epoch != epoch)
            {
                marks[service] = new(epoch, clock.GetUtcNow().ToUnixTimeSeconds());
                DropOldest();
                version++;
            }

            mine = version;
        }

        // Whoever waited here while another wrote is on disk already: many services share one write after a master died.
        return await writing.Inside(() =>
        {
            if (written < mine) Save();
            return Task.FromResult(true);
        }, cancel);
    }

    /// <summary>
    /// Does something on behalf of an epoch that has passed, unless a higher one has come in the meantime; then the answer is null.
    /// </summary>
    public T? WhileCurrent<T>(string service, long epoch, Func<T> act) where T : class
    {
        lock (gate) return Known(service) <= epoch ? act() : null;
    }

    private void Save()
    {
        byte[] content;
        long saving;
        lock (gate)
        {
            content = JsonSerializer.SerializeToUtf8Bytes(marks);
            saving = version;
        }

        storage.Write(Name, content);
        lock (gate) written = saving;
    }

    private void DropOldest()
    {
        if (marks.Count <= MostServices) return;
        foreach (var (service, _) in marks.OrderBy(m => m.Value.At).Take(marks.Count - MostServices).ToArray()) marks.Remove(service);
    }

    private static Dictionary<string, Mark> Read(IStorage storage) =>
        storage.Read(Name) is { } content ? JsonSerializer.Deserialize<Dictionary<string, Mark>>(content)! : [];

    /// <param name="At">Seconds since 1970 at which the epoch was first seen.</param>
    private sealed record Mark(long Epoch, long At);
}
