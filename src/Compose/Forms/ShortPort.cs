using System.Globalization;
using System.Net;
using Orchestrator.Compose.Answers;
using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Forms;

/// <summary>
/// Ports in the short syntax, <c>[HOST:]CONTAINER[/PROTOCOL]</c> with <c>HOST</c> as <c>[IP:](port | range)</c>: each range becomes
/// single ports, unless a range of the host stands against one port of the container, which takes any of them.
/// </summary>
internal static class ShortPort
{
    public static IEnumerable<Node> Long(Node item, Notes notes)
    {
        if (item is not ScalarNode { IsNull: false } scalar) return [item is MapNode map ? Whole(map) : item];
        if (Read(scalar.Text) is { } port) return Written(scalar.At, port);
        notes.Wrong(item.At,
            $"'{scalar.Text}' is not a port such as \"80\", \"8080:80\", \"127.0.0.1:8080:80/tcp\" or \"8000-8009:9000-9009\"");
        return [];
    }

    /// <summary>What is absent from a long form has its default, so that equal ports are equal.</summary>
    private static MapNode Whole(MapNode port)
    {
        var whole = port["protocol"] is null ? port.With("protocol", port.At.Text("tcp")) : port;
        return whole["published"] is ScalarNode { IsNull: false } published
            ? whole.With("published", published with { IsPlain = false }) : whole;
    }

    private static IEnumerable<Node> Written(Place at, Parts parts)
    {
        var (address, host, container, protocol) = parts;
        var length = container.Last - container.First;
        for (var i = 0; i <= length; i++)
        {
            var published = host is not { } range ? null
                : length > 0 || range.Last == range.First ? $"{range.First + i}" : $"{range.First}-{range.Last}";
            yield return MapNode.Of(at, ("target", at.Number(container.First + i)),
                ("published", published is null ? null : at.Text(published)),
                ("host_ip", address is null ? null : at.Text(address)), ("protocol", at.Text(protocol)));
        }
    }

    private sealed record Parts(string? Address, Span? Host, Span Container, string Protocol);

    private readonly record struct Span(int First, int Last);

    private static Parts? Read(string text)
    {
        var (rest, protocol) = text.Split('/') switch
        {
            [var it] => (it, "tcp"),
            [var it, { Length: > 0 } word] => (it, word.ToLowerInvariant()),
            _ => ("", ""),
        };
        var (before, last) = CutLast(rest);
        if (SpanIn(last) is not { } container) return null;
        if (before is null) return new(null, null, container, protocol);
        var (address, middle) = CutLast(before);
        var host = SpanIn(middle);
        if (middle.Length > 0 && host is null || address is not null && !IsAddress(address)) return null;
        // Either one port of the container for a range of the host, or as many.
        var length = container.Last - container.First;
        if (host is { } range && range.Last - range.First != length && length > 0) return null;
        return host is null && address is null ? null : new(address?.Trim('[', ']'), host, container, protocol);
    }

    private static (string? Before, string Last) CutLast(string text) => text.LastIndexOf(':') switch
    {
        < 0 => (null, text),
        var colon => (text[..colon], text[(colon + 1)..]),
    };

    /// <summary>Version 4 in full, or version 6, in brackets or not.</summary>
    private static bool IsAddress(string text) => IPAddress.TryParse(text.Trim('[', ']'), out _)
        && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3);

    private static Span? SpanIn(string text)
    {
        if (text.Split('-') is not ([_] or [_, _]) || text.Split('-') is not [var first, ..] || Port(first) is not { } from) return null;
        if (!text.Contains('-', StringComparison.Ordinal)) return new(from, from);
        return Port(text.Split('-')[1]) is { } to && to >= from ? new(from, to) : null;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65_535 ? port : null;
}
