using System.Net;
using System.Net.Sockets;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>IP addresses as engines take them: four numbers, or one of version 6.</summary>
internal static class Addresses
{
    public static bool Are(string text) => IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.Contains('%', StringComparison.Ordinal) : $"{address}" == text);
}
