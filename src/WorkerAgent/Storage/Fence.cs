using System.Text.Json;
using Orchestrator.ServiceDefaults.Concurrency;

namespace Orchestrator.WorkerAgent.Storage;

/// <summary>
/// Keeps the highest epoch seen of each service on disk, so that a ServiceMaster that has been replaced can no longer have an effect here.
/// </summary>
internal sealed partial class Fence
{
    private const string Name = "epochs.json";
    private const string PutAside = "epochs.json.unreadable";

    /// <summary>Services that gave no order for the longest time are dropped above this.</summary>
    private const int MostServices = 20_000;

    private readonly Lock gate = new();
    private readonly Gate writing = new(places: 1);
    private readonly IStorage storage;
    private readonly TimeProvider clock;
    private readonly ILogger<Fence> log;
    private readonly Dictionary<string, Mark> marks;
    private long version;
    private long written;

    public Fence(IStorage storage, TimeProvider clock, ILogger<Fence> log)
    {
        (this.storage, this.clock, this.log) = (storage, clock, log);
        marks = Read();
    }

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

    /// <summary>What cannot be read is put aside: a worker that does not start helps nobody, and the epochs come back with the orders.</summary>
    private Dictionary<string, Mark> Read()
    {
        if (storage.Read(Name) is not { } content) return [];
        var (read, problem) = Understood(content);
        if (problem is null) return read;
        storage.Write(PutAside, content);
        LogUnreadable(storage.In(Name), problem, PutAside);
        return [];
    }

    private static (Dictionary<string, Mark> Marks, string? Problem) Understood(byte[] content)
    {
        try
        {
            var marks = JsonSerializer.Deserialize<Dictionary<string, Mark?>>(content);
            if (marks is null || marks.Values.Any(mark => mark is null)) return ([], "it holds no epochs");
            return (marks.ToDictionary(it => it.Key, it => it.Value!), null);
        }
        catch (JsonException e)
        {
            return ([], content.Length == 0 ? "it is empty" : e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error,
        Message = "{File} cannot be read ({Why}); it was put aside as {Aside}, and the worker goes on without. Until each service has given its "
            + "next order here, one of a ServiceMaster that has been replaced would be taken. Nothing needs to be done")]
    private partial void LogUnreadable(string file, string why, string aside);

    /// <param name="At">Seconds since 1970 at which the epoch was first seen.</param>
    private sealed record Mark(long Epoch, long At);
}
