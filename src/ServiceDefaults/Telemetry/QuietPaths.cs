using Microsoft.AspNetCore.Http;

namespace Orchestrator.ServiceDefaults.Telemetry;

/// <summary>Paths that are asked every second or so by machines: traces and metrics of them would only hide the others.</summary>
public static class QuietPaths
{
    public const string Health = "/healthz";
    public const string Metrics = "/metrics";

    public static bool Contain(PathString path) => path == Health || path == Metrics;
}
