using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>
/// One request and what its answer says. Each has a connection of its own, so that a server which takes no more connections is found;
/// redirects are answers like others; whose certificate it is does not matter, since the address is the container's own.
/// </summary>
internal sealed class HttpQuestion : IDisposable
{
    private const int LongestBody = 1024;

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 0,
        ConnectCallback = Connect,
        // Neither spans nor headers of ours: thousands of them would tell nothing.
        ActivityHeadersPropagator = null,
#pragma warning disable CA5359 // See above.
        SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    });

    public async Task<(bool Ok, string Output)> Ask(HttpProbe probe, IPEndPoint target, CancellationToken cancel)
    {
        var scheme = probe.Scheme == ProbeScheme.Https ? "https" : "http";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{scheme}://{target}{probe.Path}"));
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("User-Agent", "orchestrator-probe");
        foreach (var (name, value) in probe.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await http.SendAsync(request, cancel);
        var code = (int)answer.StatusCode;
        var line = string.Create(CultureInfo.InvariantCulture, $"{code} {answer.ReasonPhrase}{To(answer)}");
        if (IsWithin(code, probe.Status)) return (true, OneLine.Of(line));
        return (false, OneLine.Of($"{line}: {await Beginning(answer.Content, cancel)}"));
    }

    public void Dispose() => http.Dispose();

    /// <summary>The host is an address already: nothing is to be resolved, and no socket for two families to be made.</summary>
    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext to, CancellationToken cancel)
    {
        var target = new IPEndPoint(IPAddress.Parse(to.DnsEndPoint.Host), to.DnsEndPoint.Port);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether a code is one of a list such as <c>200-299,304</c>.</summary>
    public static bool IsWithin(int code, string list) => list.Split(',').Any(it => it.Split('-') is var range
        && code >= int.Parse(range[0], CultureInfo.InvariantCulture) && code <= int.Parse(range[^1], CultureInfo.InvariantCulture));

    private static string To(HttpResponseMessage answer) => answer.Headers.Location is { } place ? $" to {place}" : "";

    /// <summary>As much as came in time; a server that sends for ever is not read for ever.</summary>
    private static async Task<string> Beginning(HttpContent content, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestBody);
        var length = 0;
        try
        {
            await using var body = await content.ReadAsStreamAsync(cancel);
            while (length < LongestBody && await body.ReadAsync(buffer.AsMemory(length, LongestBody - length), cancel) is > 0 and var more)
                length += more;
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // The status has said enough.
        }

        var text = Encoding.UTF8.GetString(buffer, 0, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
    }
}
