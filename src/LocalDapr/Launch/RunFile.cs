namespace LocalDapr.Launch;

/// <summary>A multi-app run template (dapr.yaml) with everything that <c>common</c> and defaults give filled in.</summary>
internal sealed record RunFile(string Path, string Name, IReadOnlyList<RunFileApp> Apps, IReadOnlyList<string> Warnings);

/// <summary>One entry of <c>apps:</c> as it is to be run; every path is absolute.</summary>
internal sealed record RunFileApp
{
    /// <summary>
    /// Tells replicas of one app id apart: the app id when it is unique in the file, else app id, dash, 1, 2, … in file order.
    /// </summary>
    public required string Name { get; init; }
    public required string AppId { get; init; }
    /// <summary>The line of the entry, for messages.</summary>
    public required int Line { get; init; }
    public required string AppDirPath { get; init; }
    public IReadOnlyList<string> Command { get; init; } = [];
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>0 = the app listens nowhere; it is never called.</summary>
    public int AppPort { get; init; }
    public string AppChannelAddress { get; init; } = "";
    /// <summary>0 = a free one, as for the other ports of the sidecar.</summary>
    public int DaprHttpPort { get; init; }
    public int DaprGrpcPort { get; init; }
    public int DaprInternalGrpcPort { get; init; }
    public int MetricsPort { get; init; }

    public string AppProtocol { get; init; } = "http";
    public int AppMaxConcurrency { get; init; } = -1;
    public long MaxBodySize { get; init; } = 4 << 20;
    public AppHealthCheck? HealthCheck { get; init; }
    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];
    public string? ConfigFilePath { get; init; }
}

/// <summary>How the sidecar asks its app whether it is well; defaults are Dapr's.</summary>
internal sealed record AppHealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold);

/// <summary>The run file cannot be run as written; the message names file, line and key.</summary>
internal sealed class RunFileException(string message, Exception? inner = null) : Exception(message, inner);
