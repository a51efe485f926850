using System.Net.Sockets;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>A socket between agent and engine that can be cut, and that can swallow everything as a wedged engine does.</summary>
internal sealed class Wire : IAsyncDisposable
{
    private readonly Uri engine;
    private readonly string path = Path.Combine(Path.GetTempPath(), $"wire-{Guid.NewGuid():n}.sock");
    private readonly CancellationTokenSource end = new();
    private CancellationTokenSource connections = new();
    private Socket? listener;

    public Wire(string engine)
    {
        this.engine = new Uri(engine);
        Mend();
    }

    public string Host => $"unix://{path}";

    /// <summary>Requests go in, and nothing comes out.</summary>
    public bool Wedged { get; set; }

    public void Cut()
    {
        listener?.Dispose();
        listener = null;
        File.Delete(path);
        connections.Cancel();
        connections = new();
    }

    public void Mend()
    {
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = Accept(listener, connections.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        Cut();
        end.Dispose();
        connections.Dispose();
    }

    private async Task Accept(Socket from, CancellationToken cancel)
    {
        while (!end.IsCancellationRequested)
        {
            Socket agent;
            try
            {
                agent = await from.AcceptAsync(cancel);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            _ = Join(agent, cancel);
        }
    }

    private async Task Join(Socket agent, CancellationToken cancel)
    {
        using var near = agent;
        using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await far.ConnectAsync(new UnixDomainSocketEndPoint(engine.LocalPath), cancel);
        await Task.WhenAny(Copy(near, far, cancel), Copy(far, near, cancel));
    }

    private async Task Copy(Socket from, Socket to, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancel) is > 0 and var count)
            {
                if (!Wedged) await to.SendAsync(buffer.AsMemory(0, count), cancel);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
