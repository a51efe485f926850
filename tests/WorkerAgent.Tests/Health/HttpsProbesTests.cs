using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Health;

/// <summary>Servers that speak TLS, and those that do not, over real sockets.</summary>
public sealed class HttpsProbesTests : IDisposable
{
    private static readonly HealthProbe Https = new() { Http = new() { Port = 80, Scheme = ProbeScheme.Https, Path = "/healthz" } };

    private readonly Probes probes = new(new FakeEngine(TimeProvider.System), new WorkerAgentOptions());

    public void Dispose() => probes.Dispose();

    /// <summary>It is of somebody else, of nobody who is known, and long over.</summary>
    [Fact]
    public async Task A_certificate_is_not_verified()
    {
        await using var server = new Server(secure: true);
        Assert.Equal((true, "200 OK"), await Ask(server, Https));
        server.Status = "503 Service Unavailable";
        Assert.Equal((false, "503 Service Unavailable: ok"), await Ask(server, Https));
        Assert.All(server.Requests, it => Assert.StartsWith("GET /healthz HTTP/1.1\r\n", it, StringComparison.Ordinal));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_server_without_TLS_is_unwell_when_it_is_asked_with_it_and_the_other_way_round()
    {
        await using var plain = new Server(secure: false);
        await using var secure = new Server(secure: true);
        Assert.Equal((true, "200 OK"), await Ask(plain, new() { Http = new() { Port = 80 } }));
        var (ok, output) = await Ask(plain, Https);
        Assert.False(ok);
        Assert.StartsWith("no TLS connection: ", output, StringComparison.Ordinal);
        (ok, output) = await Ask(secure, new() { Http = new() { Port = 80 } });
        Assert.False(ok);
        Assert.NotEqual("", output);
    }

    [Fact]
    public async Task A_server_that_never_shakes_hands_is_asked_no_longer_than_it_has_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => probes.Ask(Https, Published(((IPEndPoint)silent.LocalEndpoint).Port), end.Token));
    }

    private async Task<(bool Ok, string Output)> Ask(Server server, HealthProbe probe)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        return await probes.Ask(probe, Published(server.Port), end.Token);
    }

    private static Instance Published(int port) =>
        Instance.Ordered(new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = new() { Image = "web" } })
            .See(new Container
            {
                Id = "abc", Name = "web-1-r1-a1", State = ContainerState.Running, Ports = [new(80, port, "127.0.0.1")],
            });

    /// <summary>Answers one request of each connection, behind TLS or not.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2? certificate;
        private readonly CancellationTokenSource end = new();
        private readonly Task accepting;

        public Server(bool secure)
        {
            certificate = secure ? OfSomebodyElse() : null;
            listener.Start();
            accepting = Accept();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public string Status { get; set; } = "200 OK";

        public List<string> Requests { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await accepting;
            listener.Dispose();
            certificate?.Dispose();
            end.Dispose();
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(end.Token);
                    try
                    {
                        await Serve(client.GetStream());
                    }
                    catch (Exception e) when (e is IOException or AuthenticationException)
                    {
                        // Whoever asked speaks something else.
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Over.
            }
        }

        private async Task Serve(Stream stream)
        {
            await using var secure = certificate is null ? null : new SslStream(stream);
            if (secure is not null) await secure.AuthenticateAsServerAsync(new() { ServerCertificate = certificate }, end.Token);
            var through = secure ?? stream;
            var buffer = new byte[4096];
            var length = await through.ReadAsync(buffer, end.Token);
            Requests.Add(Encoding.ASCII.GetString(buffer, 0, length));
            // A server that is asked in another language hangs up or says so.
            var answer = Requests[^1].StartsWith("GET ", StringComparison.Ordinal) ? Status : "400 Bad Request";
            await through.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: 2\r\n\r\nok"), end.Token);
        }

        private static X509Certificate2 OfSomebodyElse()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=somebody-else.invalid", key, HashAlgorithmName.SHA256);
            return request.CreateSelfSigned(new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2002, 1, 1, 0, 0, 0, TimeSpan.Zero));
        }
    }
}
