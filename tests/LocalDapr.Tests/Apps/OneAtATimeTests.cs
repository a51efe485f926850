using System.Net;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Testing;

namespace LocalDapr.Tests.Apps;

public sealed class OneAtATimeTests
{
    [Fact]
    public async Task An_app_that_serves_one_connection_at_a_time_becomes_healthy_when_no_connection_is_held()
    {
        using var app = new OneAtATime();
        await using var host = await LocalDaprHost.StartAsync(new LocalDaprOptions(), TestContext.Current.CancellationToken);
        await using var sidecar = await host.AddSidecarAsync(new SidecarOptions
        {
            AppId = "small",
            AppPort = app.Port,
            HoldConnection = false,
            EnableAppHealthCheck = true,
            AppHealthProbeInterval = TimeSpan.FromMilliseconds(100),
        }, TestContext.Current.CancellationToken);

        await Eventually.Become(() => sidecar.Status, status =>
            status.AppHealthy, TimeSpan.FromSeconds(10), "the app is healthy", TestContext.Current.CancellationToken);

        app.Dispose();
        sidecar.ReportAppExited();
        await Eventually.Become(() => sidecar.Status, status =>
            !status.AppHealthy, TimeSpan.FromSeconds(10), "its end is seen", TestContext.Current.CancellationToken);
    }

    /// <summary>The plainest server there is: takes a connection, reads a request, answers, closes, takes the next.</summary>
    private sealed class OneAtATime : IDisposable
    {
        private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public OneAtATime()
        {
            listener.Start();
            _ = Serve();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public void Dispose() => listener.Dispose();

        private async Task Serve()
        {
            try
            {
                while (true)
                {
                    using var connection = await listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(connection.GetStream(), Encoding.ASCII);
                    var first = await reader.ReadLineAsync();
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                        // The headers are of no interest.
                    }

                    if (first is not null) await connection.GetStream().WriteAsync(Answer);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The listener was closed, or the caller went away: the app has ended.
            }
        }
    }
}
