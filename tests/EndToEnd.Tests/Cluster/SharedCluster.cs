namespace Orchestrator.EndToEnd.Cluster;

/// <summary>One cluster for the tests that break nothing.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    internal RunningCluster Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Running = await RunningCluster.Start();

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}

/// <summary>One whose workers let operators run programs in instances.</summary>
public sealed class OpenCluster : IAsyncLifetime
{
    internal RunningCluster Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Running = await RunningCluster.Start(("ALLOW_EXEC", "true"));

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
