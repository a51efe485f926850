using System.Text.Json;
using Dapr.Client;
using Orchestrator.Contracts;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The records of services as they are stored, without waking anybody.</summary>
internal sealed class StoredServices(DaprClient dapr, StoreHealth store, TimeProvider clock)
{
    /// <summary>Of the records that are read now: newer ones are not understood.</summary>
    public const int Schema = 1;

    private const int AtOnce = 100;

    /// <summary>For so many records at once, and no turn waits.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    public static string Key(string service) => $"service-{service}";

    /// <param name="Record">None when there is no record, or one that cannot be read.</param>
    /// <param name="Problem">Why it cannot be read.</param>
    public sealed record Stored(string Service, JsonElement? Record, string? Problem = null);

    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    public async Task<List<Stored>> Read(IEnumerable<string> services, CancellationToken cancel)
    {
        List<Stored> all = [];
        foreach (var some in services.Chunk(AtOnce))
        {
            var found = await store.Ask(() => calls.Run(within => dapr.GetBulkStateAsync(
                DaprNames.StateStore, [.. some.Select(Key)], parallelism: 8, cancellationToken: within), cancel));
            var byKey = found.ToDictionary(it => it.Key, it => it.Value, StringComparer.Ordinal);
            all.AddRange(some.Select(service => Of(service, byKey.GetValueOrDefault(Key(service)))));
        }

        return all;
    }

    private static Stored Of(string service, string? content)
    {
        if (string.IsNullOrEmpty(content)) return new(service, null);
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            var schema = root.TryGetProperty("schema", out var number) ? number.GetInt32() : Schema;
            return schema > Schema ? new(service, null, $"a later version of the program wrote it (schema {schema})")
                : root.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object ? new(service, value.Clone())
                : new(service, null, "it has no value");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return new(service, null, e.Message);
        }
    }
}
