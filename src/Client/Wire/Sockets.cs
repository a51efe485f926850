using System.Net;
using System.Net.WebSockets;
using Orchestrator.Client.Problems;

namespace Orchestrator.Client.Wire;

/// <summary>Opens WebSockets; a master that refuses one says why, which is not lost here.</summary>
internal static class Sockets
{
    public static async Task<WebSocket> Open(Uri address, OrchestratorClientOptions options, CancellationToken cancel)
    {
        var secure = address.Scheme == "https";
        var url = new UriBuilder(address) { Scheme = secure ? "wss" : "ws", Port = address.Port }.Uri;
        if (options.OpenSocket is { } open) return await open(url, options.Token, cancel);
        var socket = new ClientWebSocket();
        if (options.Token is { } token) socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        // The connection is the socket's own, and ends with it.
        var invoker = new HttpMessageInvoker(new Refusals(options.Handler ?? Connections.Handler()), disposeHandler: false);
        try
        {
            await socket.ConnectAsync(url, invoker, cancel);
            return socket;
        }
        catch (WebSocketException e) when (e.InnerException is ProblemException or PassingException or HttpRequestException)
        {
            socket.Dispose();
            throw e.InnerException;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Refusals(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.SwitchingProtocols) return answer;
            using (answer)
            {
                var problem = await answer.Problem(cancellationToken);
                throw answer.Passes() ? new PassingException(problem) : problem;
            }
        }
    }
}
