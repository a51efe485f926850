using System.Net;
using System.Net.Sockets;

namespace LocalDapr.Server;

/// <summary>
/// Sockets bound to one port on 127.0.0.1 and ::1 (a client's "localhost" may mean either), bound before the server starts so that a port
/// from the operating system is the same on both.
/// </summary>
internal sealed class Listeners
{
    private readonly Dictionary<string, Socket> sockets = [];

    public int Port { get; private init; }

    public IEnumerable<IPEndPoint> EndPoints => sockets.Values.Select(s => (IPEndPoint)s.LocalEndPoint!);

    public Socket For(EndPoint endPoint) => sockets[endPoint.ToString()!];

    public bool Has(EndPoint endPoint) => sockets.ContainsKey(endPoint.ToString()!);

    public static Listeners Bind(int port, string purpose)
    {
        for (int attempt = 1; ; attempt++)
        {
            var v4 = Open(IPAddress.Loopback, port, purpose);
            int taken = ((IPEndPoint)v4.LocalEndPoint!).Port;
            try
            {
                var bound = new Listeners { Port = taken };
                bound.Add(v4);
                if (Socket.OSSupportsIPv6 && HasIPv6Loopback()) bound.Add(Open(IPAddress.IPv6Loopback, taken, purpose));
                return bound;
            }
            catch (IOException) when (port == 0 && attempt < 20)
            {
                v4.Dispose();
            }
            catch (IOException)
            {
                v4.Dispose();
                throw;
            }
        }
    }

    public void Close()
    {
        foreach (var socket in sockets.Values) socket.Dispose();
    }

    private void Add(Socket socket) => sockets[socket.LocalEndPoint!.ToString()!] = socket;

    private static Socket Open(IPAddress address, int port, string purpose)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"cannot listen on {address} port {port} for {purpose}: {e.Message}", e);
        }
    }

    private static bool HasIPv6Loopback()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
