using System.Net.NetworkInformation;

namespace LocalDapr.Launch;

/// <summary>Looks whether somebody else listens where an app is to listen: two programs behind one port are a puzzle to debug.</summary>
internal static class Ports
{
    /// <exception cref="AppStartException">The app's port is taken.</exception>
    public static void MustBeFree(RunFileApp app)
    {
        if (app.AppPort > 0 && IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(end => end.Port == app.AppPort))
            throw new AppStartException($"{app.Name}: appPort {app.AppPort} is in use by another program; end that one or choose another port");
    }
}
