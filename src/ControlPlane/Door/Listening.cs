using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Door;

internal static class Listening
{
    /// <summary>
    /// A request stays on the thread that read it: nothing on the way blocks, and each change of threads costs a short one dearly.
    /// </summary>
    public static void KeepThreads(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;

    /// <summary>The API listens where it is told to; Dapr's calls come from the sidecar beside this process.</summary>
    public static void ListenFor(this KestrelServerOptions kestrel, ControlPlaneOptions options)
    {
        if (options.Listen == "localhost") kestrel.ListenLocalhost(options.ApiPort);
        else if (options.Listen == "*") kestrel.ListenAnyIP(options.ApiPort);
        else kestrel.Listen(IPAddress.Parse(options.Listen), options.ApiPort);
        kestrel.ListenLocalhost(options.AppPort);
    }
}
