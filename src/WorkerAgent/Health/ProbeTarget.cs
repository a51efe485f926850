using System.Net;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>Where a port of a container is asked. Pure.</summary>
internal static class ProbeTarget
{
    /// <summary>
    /// The container's own address where the engine is on this machine: a published port may be accepted by a proxy of the engine although
    /// nobody listens behind it. Else, or in the network of the host, the published one.
    /// </summary>
    /// <returns>None when nobody knows where.</returns>
    public static IPEndPoint? Of(Instance instance, int? port, WorkerAgentOptions options)
    {
        if (port is not { } number) return null;
        if (instance.Address is { } own && options.EngineIsHere && IPAddress.TryParse(own, out var address)) return new(address, number);
        return instance.Observed.Ports.FirstOrDefault(p => p.Container == number && p.Protocol == PortProtocol.Tcp) is { } published
            && IPAddress.TryParse(published.Address, out var outside) ? new(Reachable(outside), published.Host)
            : instance.Address is null && IPAddress.TryParse(options.Address, out var machine) ? new(Reachable(machine), number)
            : null;
    }

    private static IPAddress Reachable(IPAddress address) =>
        address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
}
