using System.Globalization;

namespace LocalDapr.Launch;

/// <summary>
/// What an app finds in its environment besides what LocalDapr itself was started with; the same names as under the Dapr CLI.
/// </summary>
internal static class AppEnvironment
{
    /// <summary>The run file's <c>env</c> has the last word.</summary>
    public static Dictionary<string, string> Of(RunFileApp app, int httpPort, int grpcPort)
    {
        var env = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["APP_ID"] = app.AppId,
            ["APP_CHANNEL_ADDRESS"] = app.AppChannelAddress,
            ["APP_PROTOCOL"] = app.AppProtocol,
        };
        (string Name, int Port)[] ports =
        [
            ("APP_PORT", app.AppPort), ("DAPR_HTTP_PORT", httpPort), ("DAPR_GRPC_PORT", grpcPort), ("DAPR_METRICS_PORT", app.MetricsPort),
        ];
        foreach (var (name, port) in ports.Where(p => p.Port > 0)) env[name] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in app.Env) env[name] = value;
        return env;
    }
}
