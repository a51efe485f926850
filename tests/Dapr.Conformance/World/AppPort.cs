using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Conformance.World;

/// <summary>
/// The port of a test application. It is held from the first moment, because the sidecar must know it before the application listens.
/// </summary>
public sealed class AppPort : IDisposable
{
    private Socket? _held;

    private AppPort(int number, Socket? held) => (Number, _held) = (number, held);

    public int Number { get; }

    public static AppPort FromTheSystem()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return new AppPort(((IPEndPoint)socket.LocalEndPoint!).Port, socket);
    }

    public static AppPort Given(int number) => new(number, held: null);

    /// <summary>Listens on the held socket; an application that starts a second time binds the same number anew.</summary>
    public void ListenOn(KestrelServerOptions kestrel)
    {
        if (_held is { } held) kestrel.ListenHandle((ulong)held.SafeHandle.DangerousGetHandle());
        else kestrel.Listen(IPAddress.Loopback, Number);
    }

    /// <summary>Ends listening for good: Kestrel leaves a socket open that it did not open.</summary>
    public void Release() => Interlocked.Exchange(ref _held, null)?.Dispose();

    public void Dispose() => Release();
}
