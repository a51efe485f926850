using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contracts.Instances;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Health;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Telemetry;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Health;

/// <summary>What probes cost, against a web server in another process; on request only: <c>-explicit only</c>.</summary>
public sealed class Figures(ITestOutputHelper output)
{
    private const int Instances = 200;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(60);

    [Fact(Explicit = true)]
    public async Task Two_hundred_instances_asked_over_http_every_five_seconds()
    {
        var cancel = TestContext.Current.CancellationToken;
        var port = FreePort();
        using var server = Process.Start("/bin/busybox", ["httpd", "-f", "-p", $"127.0.0.1:{port}", "-h", "/usr/share/doc/base-files"]);
        try
        {
            var book = new InstanceBook();
            using var probes = new Probes(new FakeEngine(TimeProvider.System), new WorkerAgentOptions());
#pragma warning disable CA5394 // A figure, not a secret.
            using var prober = new Prober(book, probes, new WorkerMetrics(new NoMeters()), TimeProvider.System, Random.Shared.NextDouble,
                NullLogger<Prober>.Instance);
#pragma warning restore CA5394
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            var running = prober.Run(stop.Token);
            foreach (var slot in Enumerable.Range(1, Instances)) book.Add(Running(slot, port));
            await Task.Delay(Warm, TimeProvider.System, cancel);
            Assert.All(book.All(), i => Assert.Equal(InstanceHealth.Healthy, i.Observed.Health));

            using var self = Process.GetCurrentProcess();
            var (before, began) = (self.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(Measured, TimeProvider.System, cancel);
            self.Refresh();
            var share = (self.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(began);
            output.WriteLine($"{Instances} instances, http every 5 s: {share:P2} of a core, {self.WorkingSet64 >> 20} MiB with the test "
                + $"runner, {GC.GetTotalMemory(true) >> 10} KiB managed, server GC {GCSettings.IsServerGC}");
            Assert.True(share < 0.05, $"{share:P2} of a core");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }
        finally
        {
            server.Kill();
        }
    }

    private static Instance Running(int slot, int port) => Instance.Ordered(new RunInstance
    {
        Service = "web", Instance = $"web-{slot}-r1-a1", Epoch = 1,
        Container = new() { Image = "web", Ports = [new(80)], Health = new() { Http = new() { Path = "/copyright" } } },
    }).See(new()
    {
        Id = $"id-{slot}", Name = $"web-{slot}-r1-a1", State = ContainerState.Running, Ports = [new(80, port, "127.0.0.1")],
        StartedAt = TimeProvider.System.GetUtcNow(),
    });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
