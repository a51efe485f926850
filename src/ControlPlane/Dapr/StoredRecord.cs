using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One record in the state store, written by compare-and-set. The store does not tell the etag of what was written, so a save first reads
/// the etag and checks by a stamp that the stored record is still the one this object read or wrote last.
/// </summary>
internal sealed class StoredRecord<T>(DaprClient dapr, string key, TimeProvider clock)
    where T : class
{
    /// <summary>A store that does not answer must not hold an actor's turn for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private sealed record Stamped(string Stamp, T Value);

    private string? stamp;

    /// <summary>The record, or null when there is none.</summary>
    /// <exception cref="OperationCanceledException">The store gave no answer in time.</exception>
    public async Task<T?> Load()
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        var (stored, _) = await Read(deadline.Token);
        stamp = stored?.Stamp;
        return stored?.Value;
    }

    /// <exception cref="RecordConflictException">Somebody else wrote since; nothing was saved.</exception>
    /// <exception cref="OperationCanceledException">The store gave no answer in time; whether it was saved is not known.</exception>
    public async Task Save(T value)
    {
        using var deadline = new CancellationTokenSource(Deadline, clock);
        var (stored, etag) = await Read(deadline.Token);
        if (stored?.Stamp != stamp) throw new RecordConflictException(key);
        var next = new Stamped(Guid.CreateVersion7().ToString("N"), value);
        if (!await Write(next, etag, deadline.Token)) throw new RecordConflictException(key);
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
