using Orchestrator.Contracts.Instances;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>
/// The smallest load balancer: takes its backends from the API several times a second and gives each request to the next one, once.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Task refreshing;
    private Uri[] backends = [];
    private int next;

    public LoadBalancer(RunningCluster cluster, string service) => refreshing = KeepFresh(cluster, service);

    public int Backends => backends.Length;

    public Task<string> Get()
    {
        var now = Volatile.Read(ref backends);
        return now.Length == 0 ? throw new HttpRequestException("no backend")
            : http.GetStringAsync(now[(int)((uint)Interlocked.Increment(ref next) % now.Length)]);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        stop.Dispose();
    }

    private async Task KeepFresh(RunningCluster cluster, string service)
    {
        while (true)
        {
            var view = await cluster.Service(service);
            Volatile.Write(ref backends, [.. view.Instances
                .Where(instance => instance.Phase == Phase.Running && instance.Health is InstanceHealth.None or InstanceHealth.Healthy)
                .SelectMany(instance => instance.Ports)
                .Select(port => new Uri($"http://{port.Address}:{port.Host}/"))]);
            await Task.Delay(Refresh, TimeProvider.System, stop.Token);
        }
    }
}
