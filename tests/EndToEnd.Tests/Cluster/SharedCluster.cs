namespace Orchestrator.EndToEnd.Cluster;

/// <summary>One cluster for the tests that break nothing.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    /// <summary>The classes that share one even among each other.</summary>
    public const string Calm = "a cluster that nobody breaks";

    internal RunningCluster Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Running = await RunningCluster.Start();

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}

[CollectionDefinition(SharedCluster.Calm)]
public sealed class CalmClasses : ICollectionFixture<SharedCluster>;

/// <summary>One whose workers let operators run programs in instances.</summary>
public sealed class OpenCluster : IAsyncLifetime
{
    internal RunningCluster Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Running = await RunningCluster.Start(("ALLOW_EXEC", "true"));

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
