using System.Net.Sockets;
using System.Text.Json;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>
/// The engine's own API, for answers that last: the package reads those ahead of whoever they are for, and here the engine waits for its
/// reader.
/// </summary>
internal sealed class EngineHttp : IDisposable
{
    private readonly HttpClient http;
    private readonly WorkerAgentOptions options;
    private readonly TimeProvider clock;

    public EngineHttp(WorkerAgentOptions options, TimeProvider clock)
    {
        (this.options, this.clock) = (options, clock);
        var engine = new Uri(options.DockerHost);
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null };
        if (engine.Scheme == "unix") handler.ConnectCallback = (_, cancel) => Connect(engine.LocalPath, cancel);
        http = new HttpClient(handler)
        {
            BaseAddress = engine.Scheme is "http" or "https" ? engine
                : new Uri(engine.Scheme == "unix" ? "http://engine/" : $"http://{engine.Authority}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks; the deadline is for the head of the answer alone.</summary>
    /// <exception cref="EngineException">It refuses, does not answer or cannot be reached.</exception>
    public Task<HttpResponseMessage> Get(string path, CancellationToken cancel) => Send(HttpMethod.Get, path, cancel);

    /// <summary>Tells it to do something.</summary>
    /// <inheritdoc cref="Get"/>
    public async Task Post(string path, CancellationToken cancel)
    {
        using var _ = await Send(HttpMethod.Post, path, cancel);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.EngineDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (answer.IsSuccessStatusCode) return answer;
            using (answer) throw EngineFaults.Of(answer.StatusCode, await answer.Content.ReadAsStringAsync(deadline.Token));
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw new EngineException(EngineFault.Silent, $"the engine has not answered '{path.Split('?')[0]}' in time", e);
        }
        catch (HttpRequestException e)
        {
            throw EngineFaults.Away(options.DockerHost, e);
        }
    }

    /// <summary>A whole answer of it.</summary>
    /// <inheritdoc cref="Get"/>
    public async Task<JsonElement> GetJson(string path, CancellationToken cancel)
    {
        using var answer = await Get(path, cancel);
        await using var body = await answer.Content.ReadAsStreamAsync(cancel);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        return document.RootElement.Clone();
    }

    public void Dispose() => http.Dispose();

    private static async ValueTask<Stream> Connect(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
