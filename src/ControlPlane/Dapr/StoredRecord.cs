using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One record in the state store, written by compare-and-set. The store does not tell the etag of what was written, so a save first reads
/// the etag and checks by a stamp that the stored record is still the one this object read or wrote last.
/// </summary>
internal sealed class StoredRecord<T>(DaprClient dapr, string key)
    where T : class
{
    private sealed record Stamped(string Stamp, T Value);

    private string? stamp;

    /// <summary>The record, or null when there is none.</summary>
    public async Task<T?> Load(CancellationToken cancel)
    {
        var (stored, _) = await Read(cancel);
        stamp = stored?.Stamp;
        return stored?.Value;
    }

    /// <exception cref="RecordConflictException">Somebody else wrote since; nothing was saved.</exception>
    public async Task Save(T value, CancellationToken cancel)
    {
        var (stored, etag) = await Read(cancel);
        if (stored?.Stamp != stamp) throw new RecordConflictException(key);
        var next = new Stamped(Guid.CreateVersion7().ToString("N"), value);
        if (!await Write(next, etag, cancel)) throw new RecordConflictException(key);
        stamp = next.Stamp;
    }

    private Task<(Stamped?, string)> Read(CancellationToken cancel) =>
        dapr.GetStateAndETagAsync<Stamped?>(DaprNames.StateStore, key, ConsistencyMode.Strong, cancellationToken: cancel);

    private async Task<bool> Write(Stamped next, string etag, CancellationToken cancel)
    {
        var firstWrite = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
        if (!string.IsNullOrEmpty(etag))
            return await dapr.TrySaveStateAsync(DaprNames.StateStore, key, next, etag, firstWrite, cancellationToken: cancel);
        try
        {
            await dapr.SaveStateAsync(DaprNames.StateStore, key, next, firstWrite, cancellationToken: cancel);
            return true;
        }
        catch (DaprException)
        {
            // Stores differ in how they refuse a second insert; whatever the reason, the caller has to read again.
            return false;
        }
    }
}

/// <summary>A record was written by somebody else meanwhile. The caller drops what it remembers and may try again.</summary>
public sealed class RecordConflictException(string key)
    : Exception($"the record '{key}' was changed by somebody else; read it again and retry");
