using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Orchestrator.Hosts.Bed;

/// <summary>Connections that begin in another network namespace: a socket belongs to where its thread was when it was made.</summary>
internal static partial class NamespaceSockets
{
    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET

    /// <summary>Requests that leave from inside the namespace.</summary>
    public static HttpClient Client(string name, TimeSpan timeout) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (context, cancel) =>
        {
            var socket = await New(name);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, context.DnsEndPoint.Port), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        Timeout = timeout,
    };

    /// <summary>A socket that connects from inside the namespace.</summary>
    public static Task<Socket> New(string name) => Inside(name,
        () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });

    /// <summary>What is made inside the namespace stays there.</summary>
    public static Task<T> Inside<T>(string name, Func<T> make)
    {
        var made = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own, which ends with this: no other work must ever run there.
        new Thread(() =>
        {
            try
            {
                using var there = File.OpenHandle($"/run/netns/{name}");
                if (SetNamespace(there, NetworkNamespace) != 0) throw new Win32Exception();
                made.SetResult(make());
            }
            catch (Exception e)
            {
                made.SetException(e);
            }
        }).Start();
        return made.Task;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int kind);
}
