namespace LocalDapr.Apps;

/// <summary>One app: who it is, where it listens, and how it wants to be called.</summary>
/// <param name="Id">The app id.</param>
/// <param name="Port">Where it listens; 0 when nothing is to be called on it.</param>
/// <param name="MaxConcurrency">Limits the calls that it gets at the same time.</param>
/// <param name="MaxBodySize">Limits its answers.</param>
/// <param name="Token">What it is shown as <c>dapr-api-token</c>.</param>
internal sealed record AppOptions(string Id, int Port, int? MaxConcurrency, long MaxBodySize, string? Token)
{
    /// <summary>Whether an idle connection tells of its end; false for an app that serves one connection at a time.</summary>
    public required bool HoldConnection { get; init; }

    /// <summary>Null when the app counts as healthy as long as its port accepts connections.</summary>
    public AppHealthCheck? HealthCheck { get; init; }
}

/// <summary>
/// What is probed, how often, how long an answer may take, and after how many failures in a row the app counts as unhealthy.
/// </summary>
internal sealed record AppHealthCheck(string Path, TimeSpan Interval, TimeSpan Timeout, int Threshold);
