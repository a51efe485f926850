using LocalDapr.Apps;

namespace LocalDapr;

/// <summary>One sidecar: the app it belongs to, and the ports it listens on (127.0.0.1 and ::1).</summary>
public sealed record SidecarOptions
{
    /// <summary>The app id; several sidecars of one id are its replicas.</summary>
    public required string AppId { get; init; }

    /// <summary>Where the app listens; 0 when nothing is to be called on it (a pure caller).</summary>
    public int AppPort { get; init; }

    /// <summary>
    /// Names this replica in placement and logs; null for the app id and a number. Keep it stable to keep actors where they were.
    /// </summary>
    public string? ReplicaName { get; init; }

    /// <summary>Port of the HTTP API; 0 takes one from the operating system.</summary>
    public int HttpPort { get; init; }

    /// <summary>Port of the gRPC API (h2c); 0 takes one from the operating system.</summary>
    public int GrpcPort { get; init; }

    /// <summary>
    /// Probes <see cref="AppHealthCheckPath"/>; without it the app counts as healthy as long as its port accepts connections.
    /// </summary>
    public bool EnableAppHealthCheck { get; init; }

    /// <summary>What is probed.</summary>
    public string AppHealthCheckPath { get; init; } = "/healthz";

    /// <summary>How often.</summary>
    public TimeSpan AppHealthProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan AppHealthProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After how many failed probes in a row the app counts as unhealthy.</summary>
    public int AppHealthThreshold { get; init; } = 3;

    /// <summary>
    /// True: an idle connection to the app is held, and its end tells at once that the app died. False: whoever started the app reports its
    /// exit (<see cref="Sidecar.ReportAppExited"/>), and an app that serves one connection at a time is not blocked by an idle one.
    /// </summary>
    public bool HoldConnection { get; init; } = true;

    /// <summary>Limits the calls of all kinds that the app gets at the same time.</summary>
    public int? AppMaxConcurrency { get; init; }

    /// <summary>Limit of a body, in both directions.</summary>
    public long MaxBodySize { get; init; } = 4 << 20;

    /// <summary>Resources folders of this app alone; they stand in place of those of the host.</summary>
    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    /// <summary>A Configuration file of this app alone (<c>configFilePath</c>); it stands in place of those of the host.</summary>
    public string? ConfigurationFile { get; init; }

    internal AppOptions AppOptions(string? token) => new(AppId, AppPort, AppMaxConcurrency, MaxBodySize, token)
    {
        HoldConnection = HoldConnection,
        HealthCheck = EnableAppHealthCheck
            ? new(AppHealthCheckPath, AppHealthProbeInterval, AppHealthProbeTimeout, AppHealthThreshold)
            : null,
    };
}
