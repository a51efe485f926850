using System.Net;
using System.Text.Json;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.WorkerAgent.Discovery;

/// <summary>The Consul agent on this machine, through its HTTP API.</summary>
internal sealed class ConsulCatalog(HttpClient http, TimeProvider clock) : ICatalog
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions ConsulJson = new() { PropertyNamingPolicy = null };

    private readonly PatientCalls calls = PatientCalls.Within(Deadline, clock);

    public Task Register(CatalogEntry entry, CancellationToken cancel) => Put("v1/agent/service/register?replace-existing-checks=true", new
    {
        ID = entry.Id,
        Name = entry.Service,
        entry.Address,
        entry.Port,
        entry.Tags,
        Meta = entry.Meta.ToDictionary(m => m.Key, m => m.Value),
        Check = new
        {
            Name = "kept alive by its worker",
            TTL = Durations.Format(Publisher.TimeToLive),
            Status = "passing",
            // Consul's shortest, and it looks every 30 s: other workers are quicker, this is for when there are none.
            DeregisterCriticalServiceAfter = "1m",
        },
    }, cancel);

    public async Task Deregister(string id, CancellationToken cancel) =>
        await Put($"v1/agent/service/deregister/{Uri.EscapeDataString(id)}", null, cancel);

    public Task<bool> Pass(string id, CancellationToken cancel) =>
        Put($"v1/agent/check/pass/{Uri.EscapeDataString($"service:{id}")}", null, cancel);

    public async Task<ValueList<SilentEntry>> Silent(CancellationToken cancel)
    {
        var all = await Get<SilentCheck[]>("v1/health/state/critical", cancel) ?? [];
        return all.Where(it => it.ServiceTags?.Contains(Entries.Tag) == true)
            .Select(it => new SilentEntry(it.Node, it.ServiceID, it.ServiceName)).ToValueList();
    }

    /// <summary>
    /// By the agent of this machine where it is its own, otherwise from the catalog: there its own agent, if it lives, writes it again at
    /// its next synchronisation, as silent as it was, and removes it itself in the end.
    /// </summary>
    public async Task<bool> Remove(SilentEntry entry, string cluster, CancellationToken cancel)
    {
        var known = await Get<Known[]>($"v1/catalog/service/{Uri.EscapeDataString(entry.Service)}", cancel) ?? [];
        var isOurs = known.Any(it => it.Node == entry.Node && it.ServiceID == entry.Id
            && it.ServiceMeta?.GetValueOrDefault(Entries.Cluster) == cluster);
        if (!isOurs) return false;
        if (!await Put($"v1/agent/service/deregister/{Uri.EscapeDataString(entry.Id)}", null, cancel))
            await Put("v1/catalog/deregister", new { entry.Node, ServiceID = entry.Id }, cancel);
        return true;
    }

    public async Task<ValueList<string>> Ids(ValueMap meta, CancellationToken cancel)
    {
        var services = await Get<Dictionary<string, Registered>>("v1/agent/services", cancel) ?? [];
        return services.Where(s => meta.All(m => s.Value.Meta?.GetValueOrDefault(m.Key) == m.Value))
            .Select(s => s.Key).Order(StringComparer.Ordinal).ToValueList();
    }

    private async Task<T?> Get<T>(string path, CancellationToken cancel)
    {
        using var answer = await Send(HttpMethod.Get, path, null, cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        return await JsonSerializer.DeserializeAsync<T>(body, ConsulJson, cancel);
    }

    private async Task<bool> Put(string path, object? body, CancellationToken cancel)
    {
        using var answer = await Send(HttpMethod.Put, path, body, cancel);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>An answer that says "unknown" is an answer; everything else that is no success is an error.</summary>
    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        try
        {
            return await calls.Run(deadline => Ask(method, path, body, deadline), cancel);
        }
        catch (TimeoutException e)
        {
            throw new CatalogException($"Consul at {http.BaseAddress} has not answered within {Durations.Format(Deadline)}", e);
        }
        catch (HttpRequestException e)
        {
            throw new CatalogException($"Consul at {http.BaseAddress} cannot be reached: {e.GetBaseException().Message}", e);
        }
    }

    private async Task<HttpResponseMessage> Ask(HttpMethod method, string path, object? body, CancellationToken deadline)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, options: ConsulJson);
        var answer = await http.SendAsync(request, deadline);
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound) return answer;
        using (answer)
        {
            var words = (await answer.Content.ReadAsStringAsync(deadline)).Trim();
            // Consul before 1.11 says so with a 500.
            if (words.Contains("does not have associated TTL", StringComparison.Ordinal)
                || words.StartsWith("Unknown ", StringComparison.Ordinal))
                return new(HttpStatusCode.NotFound);
            throw new CatalogException($"Consul at {http.BaseAddress} refused {method} {path}: HTTP {(int)answer.StatusCode} {words}");
        }
    }

    private sealed record Registered(Dictionary<string, string>? Meta);

    private sealed record SilentCheck(string Node, string ServiceID, string ServiceName, string[]? ServiceTags);

    private sealed record Known(string Node, string ServiceID, Dictionary<string, string>? ServiceMeta);
}
