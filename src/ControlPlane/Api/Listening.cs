using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orchestrator.ControlPlane.Api;

internal static class Listening
{
    /// <summary>Listens at <c>localhost</c>, <c>*</c> or an IP address.</summary>
    public static void ListenOn(this KestrelServerOptions kestrel, string address, int port)
    {
        if (address == "localhost") kestrel.ListenLocalhost(port);
        else if (address == "*") kestrel.ListenAnyIP(port);
        else kestrel.Listen(IPAddress.Parse(address), port);
    }
}
