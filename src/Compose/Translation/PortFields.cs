using System.Text.RegularExpressions;
using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>Ports, from their long form.</summary>
internal static partial class PortFields
{
    public static ValueList<PortMapping> Of(Section service, string networkMode)
    {
        List<PortMapping> ports = [];
        foreach (var port in service.Items("ports"))
        {
            if (One(port) is not { } one) continue;
            if (one.Name is { } name && ports.Any(it => it.Name is not null && (it.Name == name) != IsSame(it, one)))
            {
                port.Note("name", "is left out: a port of the container has one name, and a name means one port");
                one = one with { Name = null };
            }

            if (!ports.Any(it => it with { Name = one.Name } == one)) ports.Add(one);
        }

        if (networkMode == "host" && ports.Count > 0)
            service.Wrong("ports", "are those of the worker with network_mode: host; leave them out");
        return ports.ToValueList();
    }

    private static bool IsSame(PortMapping one, PortMapping other) => one.Container == other.Container && one.Protocol == other.Protocol;

    private static PortMapping? One(Section port)
    {
        var target = port.Number("target", 1);
        if (target is null or > 65_535) port.Wrong("target", "is the port in the container, 1 to 65535");
        var host = Published(port);
        var protocol = port.Text("protocol") ?? "tcp";
        var name = port.Text("name");
        if (name is not null && !PortName().IsMatch(name))
        {
            port.Note("name", "is left out: names of ports are 1 to 15 lower-case letters, digits and hyphens");
            name = null;
        }

        var mode = port.Text("mode");
        if (mode == "ingress") port.Note("mode", "the port is published where an instance runs, and on no other worker");
        else if (mode is not (null or "host")) port.Wrong("mode", "is host or ingress");
        port.Instead("is not used", "app_protocol");
        var address = port.Text("host_ip");
        port.End();
        if (protocol is "tcp" or "udp")
            return target is null ? null : new(target.Value, host, protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp, address, name);
        port.Note("protocol", "only tcp and udp are published: the port is left out");
        return null;
    }

    private static int? Published(Section port)
    {
        if (port.Text("published") is not { Length: > 0 } published || published == "0") return null;
        if (published.Contains('-', StringComparison.Ordinal))
        {
            if (!Range().IsMatch(published)) port.Wrong("published", $"is a port or a range of them, not '{published}'");
            port.Note("published", "any free port of the worker is taken, also outside of the range");
            return null;
        }

        return port.Number("published", 1);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,14}\z")]
    private static partial Regex PortName();

    [GeneratedRegex(@"^[0-9]{1,5}-[0-9]{1,5}\z")]
    private static partial Regex Range();
}
