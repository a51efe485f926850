using System.Net;

namespace Orchestrator.ControlPlane.Settings;

internal static class Loopback
{
    /// <summary>Whether a name or an address in text means this machine and nothing else.</summary>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
