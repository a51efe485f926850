using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// A container port to publish: <c>{"container":80,"host":8080,"protocol":"tcp"}</c>. A number alone is read as well (<c>80</c>: on a
/// free host port), and so are Docker's short texts (<c>"8080:80"</c>, <c>"127.0.0.1:5353:53/udp"</c>) and ranges (<c>"8000-8009"</c>).
/// </summary>
/// <param name="Container">Port inside the container, 1 to 65,535.</param>
/// <param name="Host">Fixed port on the worker, 1 to 65,535; none lets the engine choose a free one.</param>
/// <param name="Address">IP address of the worker at which it is published; none takes the one that the worker is known by.</param>
/// <param name="Name">What the port is for, 1 to 15 lower-case letters, digits and hyphens: stands in the catalog of services.</param>
public sealed record PortMapping(
    [property: Range(1, 65_535)] int Container, [property: Range(1, 65_535)] int? Host = null, PortProtocol Protocol = PortProtocol.Tcp,
    string? Address = null, string? Name = null) : IShortForm<PortMapping>
{
    static string IShortForm<PortMapping>.Ways => ShortPorts.Ways;

    static IEnumerable<PortMapping> IShortForm<PortMapping>.ReadShort(string text) => ShortPorts.Read(text);

    /// <summary>The fixed port of the worker; none where the engine chooses.</summary>
    public HostPort? Fixed() => Host is { } host ? HostPort.At(Address, host, Protocol) : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{(Host is { } host ? $"{host}:" : "")}{Container}/{(Protocol == PortProtocol.Tcp ? "tcp" : "udp")}");
}

public enum PortProtocol { Tcp, Udp }
