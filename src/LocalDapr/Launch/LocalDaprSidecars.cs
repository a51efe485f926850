namespace LocalDapr.Launch;

/// <summary>The real runtime behind the launcher.</summary>
internal sealed class LocalDaprSidecars(LocalDaprHost host, bool sharedResources) : ISidecars
{
    private const string PowerCut = "LOCALDAPR_SURVIVE_POWER_CUT";

    /// <exception cref="RunFileException">The setting is neither true nor false.</exception>
    internal static bool SurvivesPowerCut(string? setting) =>
        setting is { Length: > 0 } && (bool.TryParse(setting, out var wished) ? wished
            : throw new RunFileException($"{PowerCut} is '{setting}'; it is true or false"));

    public static async Task<ISidecars> StartAsync(RunFile file, RunFolder folder, ConsoleOutput output, TimeProvider clock)
    {
        // What all apps name alike belongs to the host: one set of components, opened once.
        var first = file.Apps[0];
        var shared = file.Apps.All(app =>
            app.ResourcesPaths.SequenceEqual(first.ResourcesPaths) && app.ConfigFilePath == first.ConfigFilePath);
        var host = await LocalDaprHost.StartAsync(new LocalDaprOptions
        {
            Folder = folder.DataPath,
            SurvivePowerCut = SurvivesPowerCut(Environment.GetEnvironmentVariable(PowerCut)),
            ResourcesPaths = shared ? first.ResourcesPaths : [],
            ConfigurationFiles = shared && first.ConfigFilePath is { } configuration ? [configuration] : [],
            ApiToken = Environment.GetEnvironmentVariable("DAPR_API_TOKEN"),
            AppToken = Environment.GetEnvironmentVariable("APP_API_TOKEN"),
            Clock = clock,
            Logging = new LoggerFactory([new OutputLog(output)]),
        });
        return new LocalDaprSidecars(host, shared);
    }

    public async Task<ISidecar> AddAsync(RunFileApp app, CancellationToken cancel)
    {
        var health = app.HealthCheck;
        var options = new SidecarOptions
        {
            AppId = app.AppId,
            AppPort = app.AppPort,
            ReplicaName = app.Name,
            HoldConnection = false,
            HttpPort = app.DaprHttpPort,
            GrpcPort = app.DaprGrpcPort,
            AppMaxConcurrency = app.AppMaxConcurrency > 0 ? app.AppMaxConcurrency : null,
            MaxBodySize = app.MaxBodySize,
            ResourcesPaths = sharedResources ? [] : app.ResourcesPaths,
            ConfigurationFile = sharedResources ? null : app.ConfigFilePath,
        };
        var sidecar = await host.AddSidecarAsync(health is null ? options : options with
        {
            EnableAppHealthCheck = true,
            AppHealthCheckPath = health.Path,
            AppHealthProbeInterval = health.Interval,
            AppHealthProbeTimeout = health.Timeout,
            AppHealthThreshold = health.Threshold,
        }, cancel);
        return new Beside(sidecar, isCalled: app.AppPort > 0);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private sealed class Beside(Sidecar sidecar, bool isCalled) : ISidecar
    {
        public int HttpPort => sidecar.HttpPort;

        public int GrpcPort => sidecar.GrpcPort;

        // An app without a port is never called: it is as well as its process.
        public AppHealth AppHealth =>
            Ended.IsCompleted ? new(Healthy: false, "its sidecar has ended")
            : isCalled && sidecar.Status is var status ? new(status.AppHealthy, status.WhyUnhealthy) : new(Healthy: true);

        public Task Ended => sidecar.Ended;

        public void ReportAppExited() => sidecar.ReportAppExited();

        public ValueTask DisposeAsync() => sidecar.DisposeAsync();
    }
}
