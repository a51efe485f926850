using System.Net;
using System.Net.Sockets;
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

/// <summary>What is said of servers of every kind, over real sockets.</summary>
public sealed class ProbesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FakeEngine engine = new(TimeProvider.System);
    private readonly Probes probes;

    public ProbesTests() => probes = new(engine, new WorkerAgentOptions());

    public void Dispose() => probes.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200-399", true, "200 OK")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "200-399", true, "204 No Content")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\n\r\n", "200-399", true,
        "302 Found to http://elsewhere.invalid/")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", "200-299", false, "302 Found to /login")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 14\r\n\r\nno database\r\n:", "200-399", false,
        "503 Service Unavailable: no database")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "200-299,404", true, "404 Not Found")]
    public async Task An_answer_is_judged_by_its_status(string answer, string status, bool ok, string output)
    {
        await using var server = new Server(async (socket, _) => await socket.SendAsync(Encoding.ASCII.GetBytes(answer)));
        Assert.Equal((ok, output), await Ask(server, new() { Http = new() { Port = 80, Status = status } }));
    }

    [Fact]
    public async Task A_request_says_what_was_asked_for_and_closes_its_connection()
    {
        await using var server = new Server(
            async (socket, _) => await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray()));
        var probe = new HttpProbe
        {
            Port = 80, Path = "/healthz?deep=1", Headers = ValueMap.Of(("Host", "shop.example"), ("X-Probe", "yes"), ("User-Agent", "me")),
        };
        for (var i = 0; i < 2; i++) Assert.True((await Ask(server, new() { Http = probe })).Ok);
        Assert.Equal(2, server.Requests.Count);
        foreach (var part in new[] { "GET /healthz?deep=1 HTTP/1.1\r\n", "Host: shop.example\r\n", "X-Probe: yes", "User-Agent: me",
            "Connection: close" }) Assert.Contains(part, server.Requests.First(), StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", server.Requests.First(), StringComparison.Ordinal);
    }

    /// <summary>A server that hangs, lies, goes away in the middle, or sends for ever.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", true)]
    [InlineData("HTTP/1.1 200", true)]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", false)]
    public async Task A_server_that_does_not_answer_as_one_is_unwell(string answer, bool closes)
    {
        await using var server = new Server(async (socket, end) =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
            if (!closes) await new TaskCompletionSource().Task.WaitAsync(end);
        });
        var (ok, output) = await Ask(server, new() { Http = new() { Port = 80 } }, TimeSpan.FromMilliseconds(300));
        Assert.False(ok);
        Assert.NotEqual("", output);
    }

    [Fact]
    public async Task Headers_and_bodies_without_end_are_not_read_to_their_end()
    {
        await using var headers = new Server(async (socket, _) =>
        {
            await socket.SendAsync("HTTP/1.1 200 OK\r\n"u8.ToArray());
            for (var i = 0; i < 10_000; i++) await socket.SendAsync(Encoding.ASCII.GetBytes($"X-{i}: {new string('x', 100)}\r\n"));
        });
        Assert.False((await Ask(headers, new() { Http = new() { Port = 80 } })).Ok);

        await using var body = new Server(async (socket, _) =>
        {
            await socket.SendAsync("HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
            while (true) await socket.SendAsync("5\r\nagain\r\n"u8.ToArray());
        });
        var (ok, output) = await Ask(body, new() { Http = new() { Port = 80 } });
        Assert.False(ok);
        Assert.StartsWith("500 Oh: againagain", output, StringComparison.Ordinal);
        Assert.Equal(200, output.Length);
    }

    [Fact]
    public async Task A_body_that_hangs_does_not_hide_the_status()
    {
        await using var server = new Server(async (socket, end) =>
        {
            await socket.SendAsync("HTTP/1.1 500 Oh\r\nContent-Length: 9\r\n\r\nhalf"u8.ToArray());
            await new TaskCompletionSource().Task.WaitAsync(end);
        });
        Assert.Equal((false, "500 Oh: half"), await Ask(server, new() { Http = new() { Port = 80 } }, TimeSpan.FromMilliseconds(500)));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_by_both_kinds()
    {
        var server = new Server((_, _) => Task.CompletedTask);
        await server.DisposeAsync();
        foreach (var probe in new HealthProbe[] { new() { Http = new() { Port = 80 } }, new() { Tcp = new() { Port = 80 } } })
        {
            var (ok, output) = await Ask(server, probe);
            Assert.False(ok);
            Assert.Contains("refused", output, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_connection_is_enough_for_tcp()
    {
        await using var server = new Server((_, _) => Task.CompletedTask);
        Assert.Equal((true, $"connected to 127.0.0.1:{server.Port}"), await Ask(server, new() { Tcp = new() { Port = 80 } }));
    }

    [Fact]
    public async Task A_program_in_the_container_answers_with_its_exit_code()
    {
        var probe = new HealthProbe { Command = ["ready", "now"] };
        await using var nobody = new Server((_, _) => Task.CompletedTask);
        Assert.Equal((true, ""), await Ask(nobody, probe));
        engine.ExecAnswer = (7, "not\nyet\n");
        Assert.Equal((false, "exit code 7: not yet"), await Ask(nobody, probe));
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_not_started_again_beside_itself()
    {
        await using var nobody = new Server((_, _) => Task.CompletedTask);
        var probe = new HealthProbe { Command = ["hang"] };
        var hanging = engine.Hold("exec");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probes.Ask(probe, Published(nobody), new CancellationToken(true)));
        Assert.Equal((false, "the probe before has not ended yet"), await Ask(nobody, probe));
        Assert.Equal(1, probes.Running);
        hanging.SetResult();
        await TestAgent.Until(() => probes.Running, count => count == 0, "nothing is kept of a program that has ended");
        Assert.Equal((true, ""), await Ask(nobody, probe));
        Assert.Equal(0, probes.Running);
    }

    private async Task<(bool Ok, string Output)> Ask(Server server, HealthProbe probe, TimeSpan? patience = null)
    {
        using var end = new CancellationTokenSource(patience ?? Patience);
        try
        {
            return await probes.Ask(probe, Published(server), end.Token);
        }
        catch (OperationCanceledException)
        {
            return (false, "no answer in time");
        }
    }

    /// <summary>An instance whose port 80 is the server's.</summary>
    private static Instance Published(Server server) =>
        Instance.Ordered(new RunInstance { Service = "web", Instance = "web-1-r1-a1", Epoch = 1, Container = new() { Image = "web" } })
            .See(new Container
            {
                Id = "abc", Name = "web-1-r1-a1", State = ContainerState.Running, Ports = [new(80, server.Port, "127.0.0.1")],
            });

    /// <summary>Reads a request, answers as it is told, and closes.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource end = new();
        private readonly Task accepting;

        public Server(Func<Socket, CancellationToken, Task> answer)
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
            accepting = Accept(answer);
        }

        public int Port { get; }

        public List<string> Requests { get; } = [];

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Dispose();
            await accepting;
            end.Dispose();
        }

        private async Task Accept(Func<Socket, CancellationToken, Task> answer)
        {
            try
            {
                while (true)
                {
                    using var socket = await listener.AcceptSocketAsync(end.Token);
                    await Serve(socket, answer);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or SocketException)
            {
                // Over.
            }
        }

        private async Task Serve(Socket socket, Func<Socket, CancellationToken, Task> answer)
        {
            var request = new StringBuilder();
            var buffer = new byte[4096];
            try
            {
                while (!request.ToString().Contains("\r\n\r\n", StringComparison.Ordinal)
                    && await socket.ReceiveAsync(buffer, end.Token) is > 0 and var length)
                    request.Append(Encoding.ASCII.GetString(buffer, 0, length));
                if (request.Length > 0) Requests.Add(request.ToString());
                await answer(socket, end.Token);
            }
            catch (SocketException)
            {
                // Whoever asked has heard enough.
            }
        }
    }
}
