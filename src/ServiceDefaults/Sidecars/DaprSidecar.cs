using Microsoft.Extensions.Configuration;

namespace Orchestrator.ServiceDefaults.Sidecars;

/// <summary>A sidecar by Dapr's HTTP API.</summary>
/// <param name="reachesAnyActor">The application's own way to call actors.</param>
public sealed class DaprSidecar(HttpClient http, TimeProvider clock, Func<CancellationToken, Task<bool>> reachesAnyActor)
    : ISidecar, IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);

    /// <summary>None where the configuration names no sidecar.</summary>
    public static HttpClient? Client(IConfiguration configuration)
    {
        var address = configuration["DAPR_HTTP_ENDPOINT"]
            ?? (configuration["DAPR_HTTP_PORT"] is { Length: > 0 } port ? $"http://127.0.0.1:{port}" : null);
        if (address is null) return null;
        var http = new HttpClient { BaseAddress = new Uri(address) };
        if (configuration["DAPR_API_TOKEN"] is { Length: > 0 } token) http.DefaultRequestHeaders.Add("dapr-api-token", token);
        return http;
    }

    public async Task<string?> WhyUnhealthy(CancellationToken cancel)
    {
        try
        {
            using var late = new CancellationTokenSource(Deadline, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
            using var answer = await http.GetAsync(new Uri("/v1.0/healthz", UriKind.Relative), either.Token);
            return answer.IsSuccessStatusCode ? null : $"its health answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.GetBaseException().Message;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"no answer within {Deadline.TotalSeconds:0} s";
        }
    }

    public async Task ShutDown(CancellationToken cancel)
    {
        var asked = http.PostAsync(new Uri("/v1.0/shutdown", UriKind.Relative), null, cancel);
        using var answer = await asked.WaitAsync(Deadline, clock, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public Task<bool> ReachesAnyActor(CancellationToken cancel) => reachesAnyActor(cancel);

    public void Dispose() => http.Dispose();
}
