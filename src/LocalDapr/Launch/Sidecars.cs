namespace LocalDapr.Launch;

/// <summary>The runtime as the launcher sees it: something that puts a sidecar beside an app.</summary>
internal interface ISidecars : IAsyncDisposable
{
    Task<ISidecar> AddAsync(RunFileApp app, CancellationToken cancel);
}

/// <summary>The sidecar of one app; disposing it is as if that daprd were gone.</summary>
internal interface ISidecar : IAsyncDisposable
{
    int HttpPort { get; }

    int GrpcPort { get; }

    /// <summary>Whether calls reach the app, and if not, why.</summary>
    AppHealth AppHealth { get; }

    /// <summary>Completes when it is gone, be it that its API was told to shut down.</summary>
    Task Ended { get; }

    /// <summary>The process is gone: no need to wait for health probes to fail.</summary>
    void ReportAppExited();
}

/// <summary>Whether calls reach an app; <paramref name="Why"/> says in words why not.</summary>
internal readonly record struct AppHealth(bool Healthy, string? Why = null);
