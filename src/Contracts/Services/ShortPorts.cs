using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Services;

/// <summary>Ports as Docker writes them: <c>80</c>, <c>8080:80</c>, <c>127.0.0.1:5353:53/udp</c>, <c>8000-8009:9000-9009</c>.</summary>
public static partial class ShortPorts
{
    /// <summary>What is understood, for those who write and those who describe.</summary>
    public const string Pattern =
        @"^((([0-9]+(\.[0-9]+){3}|\[[0-9A-Fa-f:.]+\]):)?([0-9]{1,5}(-[0-9]{1,5})?)?:)?[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp))?$";

    public const string Ways =
        "a port is a number such as 80, text such as \"8080:80\" or \"127.0.0.1:5353:53/udp\", or {\"container\":80,\"host\":8080}";

    /// <exception cref="JsonException">It is none.</exception>
    internal static IEnumerable<PortMapping> Read(string text)
    {
        var parts = Shape().Match(text);
        if (!parts.Success) throw new JsonException(Ways);
        var container = RangeIn(parts.Groups["container"].Value)!.Value;
        var host = RangeIn(parts.Groups["host"].Value);
        if (container.Last < container.First || host is { } range && range.Last - range.First != container.Last - container.First)
            throw new JsonException("the two ranges of ports are not of the same length, or one of them runs backwards");
        var address = parts.Groups["address"].Value.Trim('[', ']');
        return Enumerable.Range(0, container.Last - container.First + 1).Select(i => new PortMapping(
            container.First + i, host?.First + i, parts.Groups["protocol"].Value == "udp" ? PortProtocol.Udp : PortProtocol.Tcp,
            address.Length == 0 ? null : address));
    }

    private static (int First, int Last)? RangeIn(string text) => text.Split('-') switch
    {
        [""] => null,
        [var one] => (Number(one), Number(one)),
        var both => (Number(both[0]), Number(both[1])),
    };

    private static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The pattern again, with names for its parts.</summary>
    [GeneratedRegex(
        @"^(((?<address>[0-9]+(\.[0-9]+){3}|\[[0-9A-Fa-f:.]+\]):)?(?<host>[0-9]{1,5}(-[0-9]{1,5})?)?:)?"
        + @"(?<container>[0-9]{1,5}(-[0-9]{1,5})?)(/(?<protocol>tcp|udp))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
