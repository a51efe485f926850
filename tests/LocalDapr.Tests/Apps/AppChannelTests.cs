using System.Net;
using System.Net.Sockets;
using LocalDapr.Apps;

namespace LocalDapr.Tests.Apps;

public sealed class AppChannelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_that_takes_no_connection_in_time_is_unreachable_and_nothing_was_cancelled()
    {
        using var stuck = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        stuck.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        stuck.Listen(0);
        var port = ((IPEndPoint)stuck.LocalEndPoint!).Port;
        using var full = new Backlog(port);
        using var app = new AppChannel(new AppOptions("stuck", port, null, 1024, null) { HoldConnection = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Root);
        await Assert.ThrowsAsync<AppUnreachableException>(() => app.AskAsync(request, Cancel));
    }

    /// <summary>Connections that nobody accepts: the kernel lets no more come.</summary>
    private sealed class Backlog : IDisposable
    {
        private readonly Socket[] waiting;

        public Backlog(int port)
        {
            waiting = [.. Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))];
            foreach (var one in waiting) _ = one.ConnectAsync(IPAddress.Loopback, port);
        }

        public void Dispose()
        {
            foreach (var one in waiting) one.Dispose();
        }
    }
}
