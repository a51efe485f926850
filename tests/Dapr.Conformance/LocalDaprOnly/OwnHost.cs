using Conformance.Apps;
using Conformance.World;
using LocalDapr;
using Microsoft.AspNetCore.Builder;

namespace Conformance.LocalDaprOnly;

/// <summary>A LocalDapr of a test's own, with the suite's applications: for what cannot be asked of sidecars that others started.</summary>
internal sealed class OwnHost : IAsyncDisposable
{
    private readonly List<Replica> _replicas = [];

    private OwnHost(LocalDaprHost host) => Host = host;

    public LocalDaprHost Host { get; }

    public static async Task<OwnHost> Start(LocalDaprOptions? options = null)
    {
        Assert.SkipWhen(Sidecars.AreForeign, "its mechanism is LocalDapr's alone, and the sidecars are somebody else's");
        var own = (options ?? new()) with { ResourcesPaths = [Path.Combine(AppContext.BaseDirectory, "components")] };
        return new OwnHost(await LocalDaprHost.StartAsync(own, TestContext.Current.CancellationToken));
    }

    public Task<(Replica Replica, Sidecar Sidecar)> AddSdkApp(string name) => Add(name, "conformance-a", SdkApp.Build);

    public Task<(Replica Replica, Sidecar Sidecar)> AddWireApp(string name) => Add(name, "conformance-b", WireApp.Build);

    /// <summary>An application that only works for workflows, and is healthy for as long as the test says so.</summary>
    public Task<(Replica Replica, Sidecar Sidecar)> AddWorkerApp(string name, Func<bool> isHealthy) =>
        Add(name, "conformance-a", replica => WorkerApp.Build(replica, isHealthy));

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas) await replica.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task<(Replica, Sidecar)> Add(string name, string appId, Func<Replica, WebApplication> build)
    {
        var cancel = TestContext.Current.CancellationToken;
        var port = AppPort.FromTheSystem();
        var sidecar = await Host.AddSidecarAsync(
            new SidecarOptions
            {
                AppId = appId, AppPort = port.Number, ReplicaName = name, EnableAppHealthCheck = true,
                AppHealthProbeInterval = TimeSpan.FromSeconds(1), AppHealthProbeTimeout = TimeSpan.FromSeconds(3), AppHealthThreshold = 2,
            },
            cancel);
        var replica = new Replica(name, new Address(appId, port.Number, sidecar.HttpPort, sidecar.GrpcPort), port, build);
        _replicas.Add(replica);
        await replica.Start(cancel);
        await sidecar.WhenReadyAsync(cancel).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, cancel);
        return (replica, sidecar);
    }
}
