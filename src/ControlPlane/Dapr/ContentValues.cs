using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Content;
using Orchestrator.ControlPlane.Content;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Values of secrets and configs in Dapr's state store.</summary>
internal sealed class ContentValues(DaprClient dapr, StoreHealth store, TimeProvider clock) : IContentValues
{
    private readonly PatientCalls calls = PatientCalls.Within(StoreHealth.Deadline, clock);

    public async Task<string?> Read(string key)
    {
        var (value, _) = await store.Ask(() => calls.Run(cancel => dapr.GetStateAndETagAsync<string?>(
            DaprNames.StateStore, key, ConsistencyMode.Strong, cancellationToken: cancel), CancellationToken.None));
        return value;
    }

    public Task Write(string key, string value)
    {
        // Nobody else has the key.
        var firstWrite = new StateOptions { Concurrency = ConcurrencyMode.FirstWrite, Consistency = ConsistencyMode.Strong };
        return store.Ask(() => calls.Run(async cancel =>
        {
            await dapr.SaveStateAsync(DaprNames.StateStore, key, value, firstWrite, cancellationToken: cancel);
            return true;
        }, CancellationToken.None));
    }

    public Task Delete(string key) => store.Ask(() => calls.Run(async cancel =>
    {
        await dapr.DeleteStateAsync(DaprNames.StateStore, key, cancellationToken: cancel);
        return true;
    }, CancellationToken.None));
}

/// <summary>Dapr's secret stores: they are read, and written by whoever looks after them.</summary>
internal sealed class SecretStores(DaprClient dapr, TimeProvider clock) : ISecretStores
{
    private readonly PatientCalls calls = PatientCalls.Within(TimeSpan.FromSeconds(5), clock);

    public async Task<byte[]> Read(StoreReference reference)
    {
        try
        {
            var found = await calls.Run(
                cancel => dapr.GetSecretAsync(reference.Store, reference.Key, cancellationToken: cancel), CancellationToken.None);
            return Pick(found, reference) is { } value ? Encoding.UTF8.GetBytes(value)
                : throw new ContentMissingException($"'{reference.Key}' of secret store {reference.Store} has "
                    + (reference.Field is { } field ? $"no value '{field}'" : $"{found.Count} values; 'field' says which"));
        }
        catch (Exception e) when (e is DaprException or HttpRequestException or TimeoutException or JsonException)
        {
            throw new ContentMissingException(
                $"secret store {reference.Store} does not tell '{reference.Key}': {e.GetBaseException().Message}", e);
        }
    }

    private static string? Pick(IReadOnlyDictionary<string, string> found, StoreReference reference) =>
        reference.Field is { } field ? found.GetValueOrDefault(field)
        : found.GetValueOrDefault(reference.Key) ?? (found.Count == 1 ? found.Values.Single() : null);
}
