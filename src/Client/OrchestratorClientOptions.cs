using System.Net.WebSockets;

namespace Orchestrator.Client;

/// <summary>Where the masters are, and how much patience there is with them.</summary>
public sealed record OrchestratorClientOptions
{
    /// <summary>Addresses of masters, or of what stands before them; at least one. The next is asked when one dies.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>Shown at every request; none where the API wants none.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// For so long an order is repeated that a master could not carry out at present, and a stream that was cut off is taken up again; with
    /// 0 s every address is tried once. 30 s.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For so long at most a master is looked for that can be reached at all; every address is tried once. 5 s.</summary>
    public TimeSpan ReachWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A master that has not begun to answer for so long is left for the next one. 20 s.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Carries the requests in place of sockets of one's own; it is not disposed of.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Opens WebSockets in place of sockets of one's own: address and token.</summary>
    public Func<Uri, string?, CancellationToken, Task<WebSocket>>? OpenSocket { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads addresses as people write them: <c>http://a:5000,b:5000</c>; without a scheme it is http.</summary>
    /// <exception cref="FormatException">One of them is none; the message says which.</exception>
    public static IReadOnlyList<Uri> ServersIn(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length == 0 ? throw new FormatException("no address of a master is given, such as http://localhost:5000")
            : [.. parts.Select(ServerIn)];
    }

    private static Uri ServerIn(string text)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(whole, UriKind.Absolute, out var server) && (server.Scheme is "http" or "https") && server.Host.Length > 0
            && server.Query.Length == 0 && server.Fragment.Length == 0
            ? server : throw new FormatException($"'{text}' is not the address of a master, such as http://localhost:5000");
    }
}
