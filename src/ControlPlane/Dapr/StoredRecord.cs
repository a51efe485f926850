using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>
/// One record in Dapr's state store. The store does not tell the etag of what was written, so a save first reads the etag and checks by a
/// stamp that the stored record is still the one this object read or wrote last.
/// </summary>
internal sealed class StoredRecord<T>(DaprClient dapr, string key, TimeProvider clock, ControlPlaneMetrics metrics) : IStoredRecord<T>
    where T : class
{
    /// <summary>A store that does not answer must not hold an actor's turn for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    private sealed record Stamped(string Stamp, T Value);

    private string? stamp;

    public async Task<T?> Load()
    {
        var (stored, _) = await calls.Run(Read, CancellationToken.None);
        stamp = stored?.Stamp;
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
        var (stored, etag) = await Read(cancel);
        if (stored?.Stamp == stamp && await Write(next, etag, cancel))
        {
            metrics.RecordSaved();
            return;
        }

        metrics.RecordConflicted();
        throw new RecordConflictException(key);
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
