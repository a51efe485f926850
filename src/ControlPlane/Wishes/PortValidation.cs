using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with the ports of a container.</summary>
internal static partial class PortValidation
{
    public static void Look(ContainerSpec container, Findings found)
    {
        found.Most("ports", container.Ports.Count);
        HashSet<(int, PortProtocol)> containers = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        List<PortMapping> before = [];
        foreach (var (at, port) in container.Ports.Index())
        {
            var field = $"ports[{at}]";
            found.Range($"{field}.container", port.Container, 1, 65_535);
            if (!containers.Add((port.Container, port.Protocol))) found.Add($"{field}.container", $"port {port.Container} is there twice");
            if (port.Host is { } host) found.Range($"{field}.host", host, 1, 65_535);
            if (before.FirstOrDefault(other => Collide(other, port)) is { } other) found.Add($"{field}.host", Twice(other, port));
            if (port.Address is { } address && !Addresses.Are(address)) found.Add($"{field}.address", "is an IP address of the worker");
            if (port.Name is { } name && !PortName().IsMatch(name))
                found.Add($"{field}.name", "is 1 to 15 lower-case letters, digits and hyphens, with a letter at the beginning");
            else if (port.Name is not null && !names.Add(port.Name)) found.Add($"{field}.name", $"{port.Name} is there twice");
            if (container.NetworkMode == "none") found.Add(field, "cannot be reached with networkMode none");
            if (container.NetworkMode == "host" && port.Host != port.Container)
                found.Add($"{field}.host", $"is that of the container with networkMode host: write \"{port.Container}:{port.Container}\"");
            before.Add(port);
        }
    }

    private static bool Collide(PortMapping one, PortMapping other) =>
        one.Fixed() is { } first && other.Fixed() is { } second && first.Overlaps(second);

    private static string Twice(PortMapping one, PortMapping other) =>
        one.Fixed() == other.Fixed() ? $"port {other.Host} is there twice"
            : $"port {other.Host} is there twice: {other.Fixed()} overlaps {one.Fixed()}";

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,14}\z")]
    private static partial Regex PortName();
}
