using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts.Services;

/// <summary>
/// A fixed port of a worker: <c>8080/tcp</c>, or <c>127.0.0.1:8080/tcp</c> at one of its addresses. The same number of the other protocol,
/// or at another address, is another one.
/// </summary>
/// <param name="Port">1 to 65,535.</param>
/// <param name="Address">
/// An IP address of the worker, as engines write it; none is every address, and the one that the worker chooses, which nobody else knows.
/// </param>
[JsonConverter(typeof(HostPortConverter))]
public sealed record HostPort(int Port, PortProtocol Protocol = PortProtocol.Tcp, string? Address = null)
{
    /// <param name="address">As somebody wrote it; <c>0.0.0.0</c> and <c>::</c> are every address.</param>
    public static HostPort At(string? address, int port, PortProtocol protocol) => new(port, protocol, OneAddress(address));

    /// <summary>None for what is not written like one.</summary>
    public static HostPort? Parse(string text) =>
        text.Split('/') is [var at, var protocol]
        && int.TryParse(at.AsSpan(at.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? At(at.LastIndexOf(':') is > 0 and var colon ? at[..colon].Trim('[', ']') : null, number,
                protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp)
            : null;

    /// <summary>Both cannot be given at the same time.</summary>
    public bool Overlaps(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address is null || other.Address is null || Address == other.Address);

    public override string ToString()
    {
        var at = Address is null ? "" : Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]:" : $"{Address}:";
        return string.Create(CultureInfo.InvariantCulture, $"{at}{Port}/{(Protocol == PortProtocol.Udp ? "udp" : "tcp")}");
    }

    /// <summary>One address may be written in many ways.</summary>
    private static string? OneAddress(string? text)
    {
        if (!IPAddress.TryParse(text, out var address)) return text;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? null : address.ToString();
    }
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
