using System.Net.NetworkInformation;

namespace LocalDapr.Launch;

/// <summary>Looks whether somebody else listens where an app is to listen: two programs behind one port are a puzzle to debug.</summary>
internal static class Ports
{
    /// <exception cref="AppStartException">The app's port is taken.</exception>
    public static void MustBeFree(RunFileApp app) => MustBeFree(app, ("appPort", app.AppPort));

    /// <exception cref="AppStartException">The port of the app or of its sidecar is taken.</exception>
    public static void MustAllBeFree(RunFileApp app) => MustBeFree(
        app, ("appPort", app.AppPort), ("daprHTTPPort", app.DaprHttpPort), ("daprGRPCPort", app.DaprGrpcPort));

    private static void MustBeFree(RunFileApp app, params ReadOnlySpan<(string Key, int Port)> ports)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(end => end.Port).ToHashSet();
        foreach (var (key, port) in ports)
        {
            if (port > 0 && taken.Contains(port))
                throw new AppStartException($"{app.Name}: {key} {port} is in use by another program; end that one or choose another port");
        }
    }
}
