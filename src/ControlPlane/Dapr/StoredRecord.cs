using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One record in Dapr's state store. The store does not tell the etag of what was written: a save that follows a save first reads the etag,
/// and checks by a stamp that the stored record is still the one this object wrote last.
/// </summary>
internal sealed class StoredRecord<T>(DaprClient dapr, string key, TimeProvider clock, ControlPlaneMetrics metrics) : IStoredRecord<T>
    where T : class
{
    /// <summary>A store that does not answer must not hold an actor's turn for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    private string? stamp;

    /// <summary>Of what was read last; none once something was written, for that has one which nobody tells.</summary>
    private string? etag;

    private sealed record Stamped(string Stamp, T Value);

    /// <summary>Of a stored record its stamp alone.</summary>
    private sealed record StampOnly(string Stamp);

    public async Task<T?> Load()
    {
        var (stored, found) = await calls.Run(Read<Stamped>, CancellationToken.None);
        (stamp, etag) = (stored?.Stamp, found ?? "");
        return stored?.Value;
    }

    public async Task Save(T value)
    {
        var next = new Stamped(Guid.CreateVersion7().ToString("N"), value);
        await calls.Run(cancel => Replace(next, cancel), CancellationToken.None);
        stamp = next.Stamp;
    }

    private async Task Replace(Stamped next, CancellationToken cancel)
    {
        // Good for one try: whether that has written is not known when no answer comes.
        var known = Interlocked.Exchange(ref etag, null) ?? await EtagOfMine(cancel);
        if (known is not null && await Write(next, known, cancel))
        {
            metrics.RecordSaved();
            return;
        }

        metrics.RecordConflicted();
        throw new RecordConflictException(key);
    }

    /// <summary>The etag of what is stored, if that is still what was written here last.</summary>
    private async Task<string?> EtagOfMine(CancellationToken cancel)
    {
        var (stored, found) = await Read<StampOnly>(cancel);
        return stored?.Stamp == stamp ? found ?? "" : null;
    }

    private Task<(TRead?, string)> Read<TRead>(CancellationToken cancel) =>
        dapr.GetStateAndETagAsync<TRead?>(DaprNames.StateStore, key, ConsistencyMode.Strong, cancellationToken: cancel);

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
