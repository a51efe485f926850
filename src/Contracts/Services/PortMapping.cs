using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// A container port to publish: <c>{"container":80,"host":8080,"protocol":"tcp"}</c>. A number alone is read as well (<c>80</c>: on a
/// free host port), and never written.
/// </summary>
/// <param name="Container">Port inside the container, 1 to 65,535.</param>
/// <param name="Host">Fixed port on the worker, 1 to 65,535; none lets the engine choose a free one.</param>
[JsonConverter(typeof(PortMappingConverter))]
public sealed record PortMapping(
    [property: Range(1, 65_535)] int Container, [property: Range(1, 65_535)] int? Host = null, PortProtocol Protocol = PortProtocol.Tcp)
{
    /// <summary>The fixed port of the worker; none where the engine chooses.</summary>
    public HostPort? Fixed() => Host is { } host ? new HostPort(host, Protocol) : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture,
            $"{(Host is { } host ? $"{host}:" : "")}{Container}/{(Protocol == PortProtocol.Tcp ? "tcp" : "udp")}");
}

public enum PortProtocol { Tcp, Udp }

internal sealed class PortMappingConverter : JsonConverter<PortMapping>
{
    private sealed record Long
    {
        public int Container { get; init; }
        public int? Host { get; init; }
        public PortProtocol Protocol { get; init; }
    }

    public override PortMapping Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt32(out var port)) return new PortMapping(port);
            throw new JsonException("a port is a whole number from 1 to 65535");
        }

        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a port is a number such as 80, or {\"container\":80,\"host\":8080,\"protocol\":\"tcp\"}");
        var mapping = JsonSerializer.Deserialize<Long>(ref reader, options)!;
        return new PortMapping(mapping.Container, mapping.Host, mapping.Protocol);
    }

    public override void Write(Utf8JsonWriter writer, PortMapping value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new Long { Container = value.Container, Host = value.Host, Protocol = value.Protocol }, options);
}
