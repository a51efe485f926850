using System.Text.Json;
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
/// <param name="deadline">Of each call to the store; <see cref="StoreHealth.Deadline"/> when none is given.</param>
internal sealed class StoredRecord<T>(
    DaprClient dapr, string key, StoreHealth store, TimeProvider clock, ControlPlaneMetrics metrics, TimeSpan? deadline = null)
    : IStoredRecord<T>
    where T : class
{
    /// <summary>Of records as this program writes them; grows when an earlier program could not read them right.</summary>
    public const int Schema = StoredServices.Schema;

    private readonly PatientCalls calls = PatientCalls.Within(deadline ?? StoreHealth.Deadline, clock);

    private string? stamp;

    /// <summary>Of what was read last; none once something was written, for that has one which nobody tells.</summary>
    private string? etag;

    private sealed record Stamped(string Stamp, T Value, int Schema = 1);

    /// <summary>Of a stored record its schema alone.</summary>
    private sealed record SchemaOnly(int Schema = 1);

    /// <summary>Of a stored record its stamp alone.</summary>
    private sealed record StampOnly(string Stamp);

    public async Task<T?> Load()
    {
        try
        {
            var (stored, found) = await store.Ask(() => calls.Run(Read<Stamped>, CancellationToken.None));
            (stamp, etag) = (stored?.Stamp, found ?? "");
            if (stored is null) return null;
            if (stored is { Schema: <= Schema, Value: not null }) return stored.Value;
            throw await Unreadable(stored.Schema > Schema ? null : "it has no value");
        }
        catch (DaprException e) when (e.GetBaseException() is JsonException mistake)
        {
            throw await Unreadable(mistake.Message);
        }
    }

    public async Task Save(T value)
    {
        var next = new Stamped(Guid.CreateVersion7().ToString("N"), value, Schema);
        await store.Ask(() => calls.Run(cancel => Replace(next, cancel), CancellationToken.None));
        stamp = next.Stamp;
    }

    public async Task Remove()
    {
        await store.Ask(() => calls.Run(async cancel =>
        {
            var known = Interlocked.Exchange(ref etag, null) ?? await EtagOfMine(cancel);
            var firstWrite = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
            return !string.IsNullOrEmpty(known)
                && await dapr.TryDeleteStateAsync(DaprNames.StateStore, key, known, firstWrite, cancellationToken: cancel)
                ? true : throw new RecordConflictException(key);
        }, CancellationToken.None));
        (stamp, etag) = (null, "");
    }

    /// <summary>What is stored as it is, with its etag, so that it can be replaced.</summary>
    private async Task<UnreadableRecordException> Unreadable(string? problem)
    {
        var found = await store.Ask(() => calls.Run(
            cancel => dapr.GetBulkStateAsync(DaprNames.StateStore, [key], parallelism: 1, cancellationToken: cancel),
            CancellationToken.None));
        var (content, tag) = found is [var item, ..] ? (item.Value ?? "", item.ETag) : ("", "");
        (stamp, etag) = (null, tag ?? "");
        var schema = SchemaOf(content);
        return new(key, schema > Schema
            ? $"a later version of the program wrote it (schema {schema}, this one knows {Schema}); update this master"
            : problem ?? "it is no record", content);
    }

    private static int SchemaOf(string content)
    {
        try
        {
            return JsonSerializer.Deserialize<SchemaOnly>(content, ContractsJson.Options)?.Schema ?? 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private async Task<bool> Replace(Stamped next, CancellationToken cancel)
    {
        // Good for one try: whether that has written is not known when no answer comes.
        var known = Interlocked.Exchange(ref etag, null) ?? await EtagOfMine(cancel);
        if (known is not null && await Write(next, known, cancel))
        {
            metrics.RecordSaved();
            return true;
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
        catch (DaprException e) when (!StoreHealth.IsRefused(e))
        {
            // Stores differ in how they refuse a second insert; whatever the reason, the caller has to read again.
            return false;
        }
    }
}
