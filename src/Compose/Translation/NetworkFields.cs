using Orchestrator.Compose.Nodes;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Compose.Translation;

/// <summary>The network of a container, by its name: networks are joined where they are, and never made.</summary>
internal sealed record NetworkFields(string Mode, ValueList<string> Hosts)
{
    private const string Bridge = "bridge";

    public static NetworkFields Of(Section service, Translating it) => new(ModeOf(service, it), HostsOf(service));

    private static string ModeOf(Section service, Translating it)
    {
        var mode = service.Text("network_mode");
        var names = service.Named("networks").ToList();
        if (mode is null) return Joined(service, names, it);
        if (names.Count > 0) service.Wrong("network_mode", "cannot stand beside networks");
        if (mode.StartsWith("service:", StringComparison.Ordinal) || mode.StartsWith("container:", StringComparison.Ordinal))
        {
            service.Note("network_mode", "the container has a network of its own");
            return Bridge;
        }

        return mode is "default" ? Bridge : mode;
    }

    private static string Joined(Section service, List<(string Name, Section Section)> names, Translating it)
    {
        foreach (var (name, section) in names)
        {
            if (!it.Declared.HasNetwork(name)) it.Notes.Wrong(section.At, $"there is no network {name} among networks:");
            section.Instead("is not set in the network", "aliases", "interface_name", "ipv4_address", "ipv6_address", "link_local_ips",
                "mac_address", "driver_opts");
            section.Silent("priority", "gw_priority");
            section.End();
        }

        if (names.Count == 0) return it.Declared.Network("default") ?? Bridge;
        var there = names.Select(network => it.Declared.Network(network.Name)).FirstOrDefault(own => own is not null);
        if (there is null)
            service.Note("networks", "no network is made: containers are in the bridge network of their worker, and reach other services "
                + "where those are published; a network that is there on all workers is joined where it says external or its name");
        else if (names.Count > 1)
            service.Note("networks", "a container is in one network: the first that says external or its name");
        return there ?? Bridge;
    }

    private static ValueList<string> HostsOf(Section service) => service.Entries("extra_hosts")
        .SelectMany(host => (host.Value as ListNode)?.Items ?? [], (host, address) => $"{host.Name}:{(address as ScalarNode)?.Text}")
        .ToValueList();
}
