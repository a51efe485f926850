using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// A fixed port of a worker, at the address at which the worker publishes ports: <c>8080/tcp</c>. The same number of the other protocol is
/// another one.
/// </summary>
[JsonConverter(typeof(HostPortConverter))]
public sealed record HostPort(int Port, PortProtocol Protocol = PortProtocol.Tcp)
{
    public static HostPort? Parse(string text) =>
        text.Split('/') is [var port, var protocol] && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number, protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp)
            : null;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Port}/{(Protocol == PortProtocol.Udp ? "udp" : "tcp")}");
}

/// <summary>A text, and for workers of an earlier version also a number.</summary>
internal sealed class HostPortConverter : JsonConverter<HostPort>
{
    public override HostPort Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? new HostPort(reader.GetInt32())
        : HostPort.Parse(reader.GetString() ?? "") ?? throw new JsonException("a fixed port is written 8080/tcp");

    public override void Write(Utf8JsonWriter writer, HostPort value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
