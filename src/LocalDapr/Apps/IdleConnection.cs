using System.Net;
using System.Net.Sockets;

namespace LocalDapr.Apps;

/// <summary>A connection to the app over which nothing is said: the kernel ends it when the process dies.</summary>
internal sealed class IdleConnection : IDisposable
{
    private readonly Socket socket;

    private IdleConnection(Socket socket) => this.socket = socket;

    /// <summary>Null when nothing listens there.</summary>
    public static async Task<IdleConnection?> TryOpenAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Completes when it is closed, or no longer watched.</summary>
    public async Task ClosedAsync(CancellationToken cancel)
    {
        try
        {
            byte[] nothing = new byte[16];
            while (await socket.ReceiveAsync(nothing, cancel) > 0)
            {
                // A server that speaks unasked (a 408 before it closes) is read to its end.
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Reset, or no longer watched: closed either way.
        }
    }

    public void Dispose() => socket.Dispose();
}
