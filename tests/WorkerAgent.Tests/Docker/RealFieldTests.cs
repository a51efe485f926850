using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>The fields of a container on the real engine: what the engine shows of them, and the program inside.</summary>
public sealed class RealFieldTests(RealEngine engine) : IClassFixture<RealEngine>
{
    [Fact]
    public async Task A_container_is_what_was_asked_for_as_its_program_and_the_engine_see_it()
    {
        await using var agent = await engine.Agent();
        var volume = $"{engine.Cluster}-data";
        await agent.Run("fields-1-r1-a1", new()
        {
            Image = RealEngine.Image,
            Entrypoint = ["/bin/busybox", "sh"],
            Command = ["-c",
                """
                alias b=/bin/busybox
                echo "user $(b id -u):$(b id -g) groups $(b id -G) in $(b pwd) on $(b hostname) as $COLOUR"
                echo "files $(ulimit -n) somaxconn $(b cat /proc/sys/net/core/somaxconn) oom $(b cat /proc/self/oom_score_adj)"
                echo "$(b grep NoNewPrivs /proc/self/status) $(b grep CapBnd /proc/self/status)"
                echo "hosts $(b grep -c '10.0.0.5.*db' /etc/hosts) dns $(b grep -c 10.0.0.53 /etc/resolv.conf)"
                echo "root $(b touch /x 2>/dev/null && echo writable || echo read-only)"
                echo "init $(b cat /proc/1/comm)"
                b df -m | b awk '$6 ~ /^.(run|dev.shm|memory|data)$/ { print "mount " $6 " " $2 }'
                while :; do b sleep 1; done
                """],
            Env = ValueMap.Of(("COLOUR", "red")),
            WorkingDir = "/www",
            User = "1000:1001",
            GroupAdd = ["44"],
            Hostname = "shop",
            Init = true,
            StopSignal = "SIGINT",
            ContainerLabels = ValueMap.Of(("team", "blue")),
            Ports = [new(80, null, PortProtocol.Tcp, "127.0.0.1", "web"), new(53, null, PortProtocol.Udp)],
            Volumes =
            [
                new("", "/scratch"), new("", "/memory", Tmpfs: new(ByteSize.Mi(2), "1777")),
                new(volume, "/data", DriverOpts: ValueMap.Of(("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=3m"))),
            ],
            Tmpfs = ["/run:size=1m"],
            ShmSize = ByteSize.Mi(32),
            ReadOnly = true,
            ExtraHosts = ["db=10.0.0.5"],
            Dns = ["10.0.0.53"],
            Ulimits = ValueMap.Of(("nofile", "512:1024")),
            Sysctls = ValueMap.Of(("net.core.somaxconn", "333")),
            CapAdd = ["NET_RAW"],
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            Resources = new()
            {
                Reserve = new(0.1, ByteSize.Mi(8)), Limit = new(0.5, ByteSize.Mi(64)), Pids = 50, MemorySwap = ByteSize.Mi(64),
                OomScoreAdj = 200,
            },
        });
        await agent.Believed("fields-1-r1-a1 Running");
        var id = agent.Control.Believes["fields-1-r1-a1"].ContainerId!;
        string[] expected =
        [
            "user 1000:1001 groups 1001 44 in /www on shop as red", "files 512 somaxconn 333 oom 200",
            "NoNewPrivs:\t1 CapBnd:\t0000000000002000", "hosts 1 dns 1", "root read-only", "init docker-init", "mount /data 3",
            "mount /dev/shm 32", "mount /memory 2", "mount /run 1",
        ];
        var seen = await TestAgent.Until(
            () => engine.Written(id), text => text.Contains("mount /run", StringComparison.Ordinal), "it has written all");
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Split('\n').Where(l => l.Length > 0).Order(StringComparer.Ordinal));

        var shown = await engine.Docker.Containers.InspectContainerAsync(id, TestContext.Current.CancellationToken);
        Assert.Equal(
            ("blue", "SIGINT", 500_000_000, 64L << 20, 64L << 20, 8L << 20, 50, "json-file 3 10m"),
            (shown.Config!.Labels!["team"], shown.Config.StopSignal, shown.HostConfig!.NanoCPUs, shown.HostConfig.Memory,
                shown.HostConfig.MemorySwap, shown.HostConfig.MemoryReservation, shown.HostConfig.PidsLimit,
                Log(shown.HostConfig.LogConfig!)));
        Assert.Equal(["53/udp 127.0.0.1", "80/tcp 127.0.0.1"], shown.NetworkSettings!.Ports!
            .Select(p => $"{p.Key} {p.Value.Single().HostIP}").Order(StringComparer.Ordinal));
        await agent.Stop("fields-1-r1-a1", grace: 0);
        await TestAgent.Until(() => agent.Control.Believes["fields-1-r1-a1"].Phase, p => p == Phase.Exited, "it has ended");
        await agent.Forget("fields-1-r1-a1", withdrawn: true);
        await agent.Believed();
        await engine.Docker.Volumes.RemoveAsync(volume, true, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_the_worker_allows_reaches_the_machine_and_a_list_without_entries_drops_the_entrypoint()
    {
        var port = FreePort();
        await using var agent = await engine.Agent(o => o with { HostNetwork = true, Devices = "/dev/null" });
        await agent.Run("host-1-r1-a1", new()
        {
            Image = RealEngine.Image, Entrypoint = [], NetworkMode = "host", Tty = true, Ports = [new(port, port)],
            Devices = ["/dev/null:/dev/zilch:rw"], Logging = new() { Driver = "local" },
            Command = ["/bin/busybox", "httpd", "-f", "-p", $"{port}", "-h", "/www"],
            Health = new() { Http = new() { Path = "/index.html" }, Interval = TimeSpan.FromSeconds(1) },
        });
        await TestAgent.Until(() => agent.Control.Believes.GetValueOrDefault("host-1-r1-a1")?.Health, h => h == InstanceHealth.Healthy,
            "it answers in the network of the machine");
        var seen = agent.Control.Believes["host-1-r1-a1"];
        Assert.Equal([new(port, port, "127.0.0.1")], seen.Ports);
        var shown = await engine.Docker.Containers.InspectContainerAsync(seen.ContainerId!, TestContext.Current.CancellationToken);
        Assert.Equal(("local 3 10m", true, "/dev/zilch"),
            (Log(shown.HostConfig!.LogConfig!), shown.Config!.Tty, shown.HostConfig.Devices!.Single().PathInContainer));
    }

    [Fact]
    public async Task A_server_is_asked_at_its_own_address_and_a_paused_one_is_not_well()
    {
        await using var agent = await engine.Agent();
        await agent.Run("ask-1-r1-a1", new()
        {
            Image = RealEngine.Image,
            Health = new()
            {
                Http = new() { Port = 80 }, Interval = TimeSpan.FromSeconds(1), Timeout = TimeSpan.FromSeconds(1), Retries = 1,
            },
            Readiness = new()
            {
                Command = ["/bin/busybox", "test", "-e", "/ready"], Interval = TimeSpan.FromSeconds(1),
                StartPeriod = TimeSpan.FromMinutes(1),
            },
        });
        await Becomes(agent, it => it is { Health: InstanceHealth.Healthy, Readiness: InstanceHealth.Starting }, "it is healthy");
        var id = agent.Control.Believes["ask-1-r1-a1"].ContainerId!;
        await engine.Exec(id, "touch", "/ready");
        await Becomes(agent, it => it.Readiness == InstanceHealth.Healthy, "it is ready");
        await engine.Docker.Containers.PauseContainerAsync(id, TestContext.Current.CancellationToken);
        await Becomes(agent, it => it.Phase == Phase.Paused, "paused, it does not serve");
        await engine.Docker.Containers.UnpauseContainerAsync(id, TestContext.Current.CancellationToken);
        await Becomes(agent, it => it is { Phase: Phase.Running, Health: InstanceHealth.Healthy }, "it is well again");
    }

    private static Task<InstanceReport?> Becomes(TestAgent agent, Func<InstanceReport, bool> condition, string what) => TestAgent.Until(
        () => agent.Control.Believes.GetValueOrDefault("ask-1-r1-a1"), it => it is not null && condition(it), what);

    private static string Log(global::Docker.DotNet.Models.LogConfig log) =>
        $"{log.Type} {log.Config!["max-file"]} {log.Config["max-size"]}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
