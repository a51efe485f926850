using System.Net;
using System.Net.Sockets;

namespace LocalDapr.Launch;

/// <summary>Talks to the LocalDapr that runs on a folder.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly RunFolder folder;
    private readonly HttpClient http;

    public ControlClient(RunFolder folder)
    {
        this.folder = folder;
        http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync })
        {
            BaseAddress = new Uri("http://localdapr"),
            // Longer than the server's own deadline: its answer says more than a time-out.
            Timeout = TimeSpan.FromSeconds(75),
        };
    }

    /// <exception cref="ControlException">Nothing runs there.</exception>
    public async Task<RunStatus> StatusAsync(CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Get, "/status", cancel);
        return (await answer.Content.ReadFromJsonAsync(ControlJson.Default.RunStatus, cancel))!;
    }

    /// <summary>Ends an app or brings it back; answers how it then is.</summary>
    /// <exception cref="ControlException">There is no such app, it did not get there in time, or nothing runs.</exception>
    public async Task<AppStatus> ActAsync(string app, string verb, CancellationToken cancel)
    {
        var query = verb is "kill" ? "stop?kill=true" : verb;
        using var answer = await SendAsync(HttpMethod.Post, $"/apps/{Uri.EscapeDataString(app)}/{query}", cancel);
        if (answer.StatusCode is HttpStatusCode.NotFound)
            throw new ControlException((await answer.Content.ReadFromJsonAsync(ControlJson.Default.String, cancel))!);
        var status = (await answer.Content.ReadFromJsonAsync(ControlJson.Default.AppStatus, cancel))!;
        return answer.IsSuccessStatusCode ? status : throw new ControlException(
            $"{app} is still {status.State.ToString().ToLowerInvariant()}{(status.Detail is null ? "" : ": " + status.Detail)}");
    }

    /// <summary>Asks for the end; whether it has come, the process tells.</summary>
    /// <exception cref="ControlException">Nothing runs there.</exception>
    public async Task DownAsync(bool kill, CancellationToken cancel)
    {
        using var answer = await SendAsync(HttpMethod.Post, kill ? "/down?kill=true" : "/down", cancel);
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            return await http.SendAsync(request, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new ControlException(
                e.HttpRequestError is HttpRequestError.ConnectionError ? $"nothing is running on {folder.FullPath}"
                : $"the one that ran on {folder.FullPath} ended before it answered", e);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.SocketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What was asked of a running LocalDapr cannot be had; the message says why.</summary>
internal sealed class ControlException(string message, Exception? inner = null) : Exception(message, inner);
