using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts.Services;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Discovery;

/// <summary>What clients of discovery see: dig, and HAProxy that takes its servers from SRV records. Two workers, a real Consul.</summary>
public sealed class ClientTests(RealConsul consul) : IClassFixture<RealConsul>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Of_two_instances_on_two_workers_one_is_killed_and_a_worker_dies_and_clients_find_what_is_left()
    {
        if (consul.Missing is not null) Assert.Skip(consul.Missing);
        if (Missing() is { } missing) Assert.Skip(missing);
        await using var a = await Worker("worker-a");
        var b = await Worker("worker-b");
        await using var one = new TinyServer("one");
        await using var two = new TinyServer("two");
        await using var three = new TinyServer("three");
        await a.Run("web-1-r1-a1", At(one.Port));
        await b.Run("web-2-r1-a1", At(two.Port));
        await a.Run("web-3-r1-a1", At(three.Port));
        await Dig(Ports(one, two, three), TestAgent.Soon);
        await using var proxy = await HaProxy.Start(consul.DnsPort, "web");
        await Until(proxy.Answers, answers => answers == "one, three, two", TestAgent.Soon, "HAProxy asks all of them");

        var killed = Stopwatch.StartNew();
        a.Engine.Die("web-3-r1-a1", 137);
        await Dig(Ports(one, two), Second);
        TestContext.Current.TestOutputHelper?.WriteLine($"killed: not found any more after {killed.ElapsedMilliseconds} ms");
        await Until(proxy.Answers, answers => answers == "one, two", TestAgent.Soon, "HAProxy asks the two that are left");

        // As one that dies: nothing is deregistered, and no sign of life comes any more.
        var died = Stopwatch.StartNew();
        await b.DisposeAsync();
        // The living one goes on giving signs of life meanwhile, by a clock that runs like ours.
        await Until(async () =>
        {
            a.Clock.Advance(TimeSpan.FromMilliseconds(250));
            return await Dig();
        }, found => found == Ports(one), TimeSpan.FromSeconds(10), "the dead worker's instance is not found any more");
        TestContext.Current.TestOutputHelper?.WriteLine($"worker dead: not found any more after {died.ElapsedMilliseconds} ms");
        await Until(async () =>
        {
            a.Clock.Advance(Second);
            return await consul.Http.GetStringAsync(new Uri(consul.Address, "v1/catalog/service/web"));
        }, all => !all.Contains("worker-b", StringComparison.Ordinal), TestAgent.Soon, "what it left is removed by the other worker");
        Assert.Equal("one", await proxy.Answers());
    }

    private async Task<TestAgent> Worker(string name) =>
        await new TestAgent(options: new() { Name = name, Consul = consul.Address.ToString() }).Start();

    private static ContainerSpec At(int port) => new() { Image = "busybox-www:1", Ports = [new(80, port)] };

    private static string Ports(params TinyServer[] servers) =>
        string.Join(", ", servers.Select(it => $"{it.Port}").Order(StringComparer.Ordinal));

    private Task<string> Dig(string expected, TimeSpan within) => Until(Dig, found => found == expected, within, $"dig finds {expected}");

    /// <summary>The ports of the SRV records: priority, weight, port, target.</summary>
    private async Task<string> Dig()
    {
        var answer = await Shell.Run(
            "dig", "+short", "+time=1", "+tries=1", "@127.0.0.1", "-p", $"{consul.DnsPort}", "SRV", "web.service.consul");
        return string.Join(", ", answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal));
    }

    private static Task<string> Until(Func<Task<string>> look, Func<string, bool> condition, TimeSpan within, string what) =>
        Eventually.Become(look, condition, within, what, TestContext.Current.CancellationToken);

    private static string? Missing() =>
        new[] { "dig", "haproxy" }.FirstOrDefault(it => OnPath.Find(it) is null) is { } program ? $"no {program} program is on the path" : null;

    /// <summary>Answers every request with its name.</summary>
    private sealed class TinyServer : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly Task serving;

        public TinyServer(string name)
        {
            listener.Start();
            serving = Serve(name);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            listener.Dispose();
        }

        private async Task Serve(string name)
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream);
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Length: {name.Length}\r\nConnection: close\r\n\r\n{name}"));
            }
        }
    }
}
