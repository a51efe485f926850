using System.Text.RegularExpressions;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with the ports of a container.</summary>
internal static partial class PortValidation
{
    public static void Look(ContainerSpec container, Findings found)
    {
        found.Most("ports", container.Ports.Count);
        List<PortMapping> before = [];
        foreach (var (at, port) in container.Ports.Index())
        {
            var field = $"ports[{at}]";
            found.Range($"{field}.container", port.Container, 1, 65_535);
            if (before.Any(other => other with { Name = port.Name } == port))
                found.Add($"{field}.container", $"port {port.Container} is there twice");
            if (port.Host is { } host) found.Range($"{field}.host", host, 1, 65_535);
            if (before.FirstOrDefault(other => Collide(other, port)) is { } other) found.Add($"{field}.host", Twice(other, port));
            if (port.Address is { } address && !Addresses.Are(address)) found.Add($"{field}.address", "is an IP address of the worker");
            if (port.Name is { } name && !PortName().IsMatch(name))
                found.Add($"{field}.name", "is 1 to 15 lower-case letters, digits and hyphens, with a letter at the beginning");
            else if (before.FirstOrDefault(other => NamedUnlike(other, port)) is { } named) found.Add($"{field}.name", Names(named, port));
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

    /// <summary>A port of the container has one name, wherever it is published, and a name means one port.</summary>
    private static bool NamedUnlike(PortMapping one, PortMapping other) =>
        one.Name is not null && other.Name is not null && IsSame(one, other) != (one.Name == other.Name);

    private static string Names(PortMapping one, PortMapping other) =>
        one.Name == other.Name ? $"{other.Name} is there twice" : $"port {other.Container} is {one.Name} already, and has one name";

    private static bool IsSame(PortMapping one, PortMapping other) => one.Container == other.Container && one.Protocol == other.Protocol;

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,14}\z")]
    private static partial Regex PortName();
}
