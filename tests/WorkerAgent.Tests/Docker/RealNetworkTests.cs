using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>How containers of the real engine are reached, and asked how they are.</summary>
public sealed class RealNetworkTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_container_without_a_network_has_only_itself()
    {
        await using var agent = await engine.Agent();
        await agent.Run("alone-1-r1-a1", new()
        {
            Image = RealEngine.Image, NetworkMode = "none",
            Command = ["/bin/busybox", "sh", "-c", "/bin/busybox ls /sys/class/net; exec /bin/busybox sleep 600"],
        });
        await agent.Believed("alone-1-r1-a1 Running");
        var id = agent.Control.Believes["alone-1-r1-a1"].ContainerId!;
        await TestAgent.Until(() => engine.Written(id), text => text.Trim() == "lo", "it sees its loopback alone");
        Assert.Null(agent.Book.Find("alone-1-r1-a1")!.Address);
    }

    [Fact]
    public async Task A_container_in_a_network_of_its_worker_has_an_address_there_at_which_it_is_asked()
    {
        engine.Need();
        var network = $"{engine.Cluster}-back";
        var made = await engine.Docker.Networks.CreateNetworkAsync(new() { Name = network, Driver = "bridge" }, Cancel);
        try
        {
            await using var agent = await engine.Agent();
            await agent.Run("back-1-r1-a1", new()
            {
                Image = RealEngine.Image, NetworkMode = network, Ports = [new(80)],
                Health = new() { Http = new() { Path = "/index.html" }, Interval = Second },
            });
            await agent.Believed("back-1-r1-a1", it => it.Health == InstanceHealth.Healthy, "it answers");
            var id = agent.Control.Believes["back-1-r1-a1"].ContainerId!;
            var there = Assert.Single((await engine.Shown(id)).NetworkSettings!.Networks!);
            Assert.Equal(network, there.Key);
            Assert.Equal(there.Value.IPAddress, agent.Book.Find("back-1-r1-a1")!.Address);

            // Nothing is published, so that only its own address can be asked.
            await agent.Run("back-2-r1-a1", new()
            {
                Image = RealEngine.Image, NetworkMode = network, Health = new() { Tcp = new() { Port = 80 }, Interval = Second },
            });
            await agent.Believed("back-2-r1-a1", it => it.Health == InstanceHealth.Healthy, "it takes a connection");
            Assert.Equal(
                $"connected to {agent.Book.Find("back-2-r1-a1")!.Address}:80", agent.Control.Believes["back-2-r1-a1"].Probes![^1].Output);
        }
        finally
        {
            foreach (var name in new[] { "back-1-r1-a1", "back-2-r1-a1" })
                await engine.Docker.Networks.DisconnectNetworkAsync(made.ID, new() { Container = name, Force = true }, Cancel);
            await engine.Docker.Networks.DeleteNetworkAsync(made.ID, Cancel);
        }
    }

    [Fact]
    public async Task A_network_that_the_worker_does_not_have_is_named()
    {
        await using var agent = await engine.Agent();
        await agent.Run("lost-1-r1-a1", new() { Image = RealEngine.Image, NetworkMode = "no-such-network" });
        var ended = await agent.Believed("lost-1-r1-a1", it => it.Phase == Phase.Exited, "it cannot start");
        Assert.Contains("network no-such-network not found", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_is_published_at_the_address_that_was_wished_and_at_no_other()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "this machine has no IPv6");
        await using var agent = await engine.Agent();
        await agent.Run("at-1-r1-a1", new()
        {
            Image = RealEngine.Image, Ports = [new(80, Address: "::1"), new(80, Address: "127.0.0.2")],
        });
        await agent.Believed("at-1-r1-a1 Running");
        var told = agent.Control.Believes["at-1-r1-a1"].Ports;
        Assert.Equal(["127.0.0.2", "::1"], told.Select(it => it.Address).Order(StringComparer.Ordinal));
        foreach (var port in told)
        {
            var answer = await TestAgent.Until(() => Get(port.Address, port.Host), it => it.Length > 0, $"{port} answers");
            Assert.Equal("ok", answer.Trim());
        }

        foreach (var port in told)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, port.Host, Cancel).AsTask());
        }
    }

    [Fact]
    public async Task A_server_that_takes_connections_for_a_while_and_then_none_becomes_unhealthy_with_its_last_retry()
    {
        await using var agent = await engine.Agent();
        await agent.Run("tcp-1-r1-a1", new()
        {
            Image = RealEngine.Image,
            Command = ["/bin/busybox", "sh", "-c",
                """
                alias b=/bin/busybox
                b httpd -f -p 80 &
                until b test -e /stop; do b sleep 0.1; done
                kill $!
                exec /bin/busybox sleep 600
                """],
            Health = new() { Tcp = new() { Port = 80 }, Interval = TimeSpan.FromMilliseconds(300), Retries = 3 },
        });
        await agent.Believed("tcp-1-r1-a1", it => it.Health == InstanceHealth.Healthy, "it takes a connection");
        await engine.Exec(agent.Control.Believes["tcp-1-r1-a1"].ContainerId!, "touch", "/stop");
        var unwell = await agent.Believed("tcp-1-r1-a1", it => it.Health == InstanceHealth.Unhealthy, "nobody listens any more");
        Assert.Equal(Phase.Running, unwell.Phase);
        Assert.Equal([false, false, false], unwell.Probes!.Select(it => it.Ok));
        Assert.All(unwell.Probes!, it => Assert.Contains("refused", it.Output, StringComparison.OrdinalIgnoreCase));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> Get(string address, int port)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"http://{new IPEndPoint(IPAddress.Parse(address), port)}/"), Cancel);
    }
}
