using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;
using RestartPolicyKind = Docker.DotNet.Models.RestartPolicyKind;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>The agent against the real engine: what a fake could have got wrong.</summary>
public sealed class RealEngineTests(RealEngine engine, ITestOutputHelper output) : IClassFixture<RealEngine>
{
    private static readonly ContainerSpec Web = new() { Image = RealEngine.Image, Ports = [new(80)] };

    [Fact]
    public async Task An_order_becomes_a_container_that_answers()
    {
        await using var agent = await engine.Agent();
        await agent.Run("serve-1-r1-a1", Web);
        await agent.Believed("serve-1-r1-a1 Running");
        Assert.Equal("ok", (await Get(agent.Control.Believes["serve-1-r1-a1"].Ports.Single())).Trim());
    }

    [Fact]
    public async Task A_killed_container_is_reported_at_once()
    {
        await using var agent = await engine.Agent();
        await agent.Run("kill-1-r1-a1", Web);
        await agent.Believed("kill-1-r1-a1 Running");
        var watch = Stopwatch.StartNew();
        await Kill(agent.Control.Believes["kill-1-r1-a1"].ContainerId!);
        await TestAgent.Until(() => agent.Control.Believes["kill-1-r1-a1"], i =>
            i is { Phase: Phase.Exited, ExitCode: 137 }, "it is reported");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"it took {watch.ElapsedMilliseconds} ms");
        await agent.Forget("kill-1-r1-a1");
        await agent.Believed();
        await Assert.ThrowsAsync<global::Docker.DotNet.DockerContainerNotFoundException>(
            () => engine.Docker.Containers.InspectContainerAsync("kill-1-r1-a1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_program_that_handles_no_signals_does_not_take_the_whole_grace_to_stop()
    {
        await using var agent = await engine.Agent();
        await agent.Run("init-1-r1-a1", Shell("while :; do sleep 1; done") with { Init = true });
        await agent.Believed("init-1-r1-a1 Running");
        var watch = Stopwatch.StartNew();
        await agent.Stop("init-1-r1-a1", grace: 30);
        await agent.Believed("init-1-r1-a1 Exited: surplus");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.ElapsedMilliseconds} ms");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public async Task A_program_that_refuses_to_end_is_killed_when_the_grace_is_over(double grace)
    {
        await using var agent = await engine.Agent();
        var name = $"stubborn-{grace * 10}-r1-a1";
        await agent.Run(name, Shell("trap '' TERM; while :; do sleep 1; done"));
        await agent.Believed($"{name} Running");
        await agent.Stop(name, grace: grace);
        await agent.Believed(
            $"{name} Exited: surplus; it took its whole grace of {Durations.Format(TimeSpan.FromSeconds(grace))} and was killed: "
            + "it did not end on its stop signal "
            + "(as process 1 a program is given no signal that it has no handler for; \"init\": true puts an init there)");
        Assert.Equal(137, agent.Control.Believes[name].ExitCode);
    }

    [Theory]
    [InlineData("stop", "somebody else killed its container (signal 9)")]
    [InlineData("kill", "somebody else killed its container (signal 9)")]
    [InlineData("remove", "somebody else killed its container (signal 9)")]
    public async Task What_somebody_else_does_to_a_container_is_told_as_theirs(string what, string words)
    {
        await using var agent = await engine.Agent();
        var name = $"outside-{what}-1-r1-a1";
        await agent.Run(name, Shell("trap '' TERM; while :; do sleep 1; done"));
        await agent.Believed($"{name} Running");
        var id = agent.Control.Believes[name].ContainerId!;
        var (containers, cancel) = (engine.Docker.Containers, TestContext.Current.CancellationToken);
        if (what == "stop") await containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = 1 }, cancel);
        else if (what == "kill") await containers.KillContainerAsync(id, new() { Signal = "SIGKILL" }, cancel);
        else await containers.RemoveContainerAsync(id, new() { Force = true }, cancel);
        await agent.Believed($"{name} Exited: {words}");
        Assert.Equal((EndCause?)EndCause.Person, agent.Control.Believes[name].Cause);
    }

    [Fact]
    public async Task A_container_that_fails_is_reported_with_its_exit_code_and_last_line()
    {
        await using var agent = await engine.Agent();
        await agent.Run("fail-1-r1-a1", Shell("echo fine; echo broken >&2; exit 3"));
        await agent.Believed("fail-1-r1-a1 Exited: exit code 3: broken");
        Assert.Equal(3, agent.Control.Believes["fail-1-r1-a1"].ExitCode);
    }

    [Fact]
    public async Task A_program_that_is_not_in_the_image_is_named()
    {
        await using var agent = await engine.Agent();
        await agent.Run("absent-1-r1-a1", new() { Image = RealEngine.Image, Command = ["/no/such/program"] });
        var seen = await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault("absent-1-r1-a1"), i =>
            i is { Phase: Phase.Exited } && i.Message!.Contains("/no/such/program", StringComparison.Ordinal), "it is reported");
        output.WriteLine(seen!.Message!);
    }

    [Fact]
    public async Task An_image_that_cannot_be_had_is_named_with_the_engines_words()
    {
        await using var agent = await engine.Agent();
        await agent.Run("image-1-r1-a1", new() { Image = "registry.invalid/none:1" });
        var seen = await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault("image-1-r1-a1"), i => i is { Phase: Phase.Exited }, "it is reported");
        Assert.StartsWith("cannot pull registry.invalid/none:1: ", seen!.Message, StringComparison.Ordinal);
        output.WriteLine(seen.Message!);
    }

    [Fact]
    public async Task A_fixed_port_held_by_a_stranger_is_named()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;
        await using var agent = await engine.Agent();
        await agent.Run("port-1-r1-a1", new() { Image = RealEngine.Image, Ports = [new(80, port)] });
        var seen = await TestAgent.Until(
            () => agent.Control.Believes.GetValueOrDefault("port-1-r1-a1"), i => i is { Phase: Phase.Exited }, "it is reported");
        Assert.Contains($"{port}", seen!.Message, StringComparison.Ordinal);
        output.WriteLine(seen.Message!);
    }

    [Fact]
    public async Task A_successor_on_the_same_fixed_port_starts_right_after_a_death()
    {
        var port = FreePort();
        await using var agent = await engine.Agent();
        var spec = new ContainerSpec { Image = RealEngine.Image, Ports = [new(80, port)] };
        await agent.Run("next-1-r1-a1", spec);
        await agent.Believed("next-1-r1-a1 Running");
        await Kill("next-1-r1-a1");
        await TestAgent.Until(() => agent.Control.Believes["next-1-r1-a1"].Phase, p => p == Phase.Exited, "it is reported");
        Assert.True((await agent.Run("next-1-r1-a2", spec)).Accepted);
        await TestAgent.Until(() => agent.Control.Believes.GetValueOrDefault("next-1-r1-a2")?.Phase, p =>
            p == Phase.Running, "the successor runs");
        Assert.Equal("ok", (await Get(agent.Control.Believes["next-1-r1-a2"].Ports.Single())).Trim());
    }

    [Fact]
    public async Task Health_follows_the_probe()
    {
        await using var agent = await engine.Agent();
        await agent.Run("health-1-r1-a1", Shell("touch /well; while :; do sleep 1; done") with
        {
            Health = new() { Command = ["/bin/busybox", "test", "-e", "/well"], Interval = TimeSpan.FromSeconds(1),
                Timeout = TimeSpan.FromSeconds(1), Retries = 1 },
        });
        await TestAgent.Until(() => agent.Control.Believes.GetValueOrDefault("health-1-r1-a1")?.Health, h =>
            h == InstanceHealth.Healthy, "it is healthy");
        await Exec("health-1-r1-a1", "rm", "/well");
        await TestAgent.Until(() => agent.Control.Believes["health-1-r1-a1"].Health, h => h == InstanceHealth.Unhealthy, "it is unhealthy");
        await TestAgent.Until(() => agent.Control.Believes["health-1-r1-a1"].Probes, p => p?[^1] is { Ok: false, Output: "exit code 1" },
            "what the check said is told");
    }

    [Fact]
    public async Task A_restarted_agent_adopts_and_restarts_nothing()
    {
        using var folder = new TemporaryFolder();
        InstanceReport before;
        await using (var agent = await engine.Agent(it => it with { Name = "worker-x" }, folder))
        {
            await agent.Run("adopt-1-r1-a1", Web);
            await agent.Run("adopt-2-r1-a1", Shell("exit 4"));
            await agent.Believed("adopt-1-r1-a1 Running", "adopt-2-r1-a1 Exited: exit code 4");
            before = agent.Control.Believes["adopt-1-r1-a1"];
        }

        await using var again = await engine.Agent(it => it with { Name = "worker-x" }, folder);
        await using var other = await engine.Agent(it => it with { Name = "worker-y" });
        await again.Believed("adopt-1-r1-a1 Running", "adopt-2-r1-a1 Exited: exit code 4");
        Assert.Equal(before, again.Control.Believes["adopt-1-r1-a1"]);
        Assert.Empty(other.Book.All());
    }

    [Fact]
    public async Task Everything_of_an_order_arrives_in_the_container()
    {
        await using var agent = await engine.Agent(o => o with { BindPaths = "/etc" });
        await agent.Run("full-1-r1-a1", Shell("env; cat /mounted; while :; do sleep 1; done") with
        {
            Env = ValueMap.Of(("COLOUR", "blue")),
            Volumes = [new("/etc/hostname", "/mounted", ReadOnly: true)],
            Resources = new() { Reserve = new(0.1, ByteSize.Mi(16)), Limit = new(0.5, ByteSize.Mi(64)) },
            StopSignal = "SIGINT",
            StopGrace = TimeSpan.FromSeconds(7),
        });
        await agent.Believed("full-1-r1-a1 Running");
        var seen = await engine.Docker.Containers.InspectContainerAsync("full-1-r1-a1", TestContext.Current.CancellationToken);
        Assert.Equal(
            ("SIGINT", 7L, 500_000_000L, 64L << 20, 16L << 20, 102L, RestartPolicyKind.No, false),
            (seen.Config!.StopSignal, (long)seen.Config.StopTimeout!.Value.TotalSeconds, seen.HostConfig!.NanoCPUs, seen.HostConfig.Memory,
                seen.HostConfig.MemoryReservation,
                seen.HostConfig.CPUShares, seen.HostConfig.RestartPolicy.Name, seen.HostConfig.Init));
        var mounted = (await File.ReadAllTextAsync("/etc/hostname", TestContext.Current.CancellationToken)).Trim();
        await TestAgent.Until(
            () => Logs("full-1-r1-a1"),
            text => text.Contains("COLOUR=blue", StringComparison.Ordinal) && text.EndsWith($"\n{mounted}\n", StringComparison.Ordinal),
            "the program has spoken");
    }

    [Fact]
    public async Task A_death_behind_a_cut_wire_is_found_when_the_wire_is_mended()
    {
        engine.Need();
        await using var wire = new Wire(engine.Host);
        await using var agent = await engine.Agent(it => it with { DockerHost = wire.Host });
        await agent.Run("cut-1-r1-a1", Web);
        await agent.Believed("cut-1-r1-a1 Running");
        wire.Cut();
        await TestAgent.Until(() => agent.Condition.Problem, p => p is not null, "the engine is away");
        output.WriteLine(agent.Condition.Problem!);
        Assert.Equal(Refusal.Unavailable, (await agent.Run("cut-2-r1-a1", Web)).Refusal);
        await Kill("cut-1-r1-a1");
        wire.Mend();
        await TestAgent.Until(() => agent.Control.Believes["cut-1-r1-a1"], i =>
            i is { Phase: Phase.Exited, ExitCode: 137 }, "it is found out");
        Assert.Null(agent.Condition.Problem);
        Assert.True((await agent.Run("cut-2-r1-a2", Web)).Accepted);
        // Also so that no container is on its way when the engine is tidied up.
        await TestAgent.Until(() => agent.Control.Believes.GetValueOrDefault("cut-2-r1-a2"), i =>
            i is { Phase: Phase.Running }, "the second runs");
    }

    [Fact]
    public async Task An_engine_that_takes_calls_and_answers_none_is_said_to_be_wedged()
    {
        engine.Need();
        await using var wire = new Wire(engine.Host);
        await using var agent = await engine.Agent(
            it => it with { DockerHost = wire.Host, EngineDeadline = TimeSpan.FromSeconds(1) });
        wire.Wedged = true;
        Assert.True((await agent.Run("wedged-1-r1-a1", Web)).Accepted);
        var told = await TestAgent.Until(() => agent.Control.Beats.Last().EngineProblem, p => p is not null, "the beats go on and say so");
        Assert.Equal("the engine has not answered 'inspect image busybox-www:1' within 1s", told);
        Assert.Equal(Refusal.Unavailable, (await agent.Run("wedged-2-r1-a1", Web)).Refusal);
        wire.Wedged = false;
        await agent.Believed("wedged-1-r1-a1 Running");
        await TestAgent.Until(() => agent.Condition.Problem, p => p is null, "it works again");
    }

    private static ContainerSpec Shell(string script) => new() { Image = RealEngine.Image, Command = ["/bin/busybox", "sh", "-c", script] };

    /// <summary>A program runs before it listens.</summary>
    private static async Task<string> Get(PublishedPort port)
    {
        using var http = new HttpClient();
        var address = new Uri($"http://{port.Address}:{port.Host}/");
        return await TestAgent.Until(
            () => http.GetStringAsync(address, TestContext.Current.CancellationToken), it => it.Length > 0, "it answers");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A container that does not run any more tells why.</summary>
    private async Task Kill(string container)
    {
        try
        {
            await engine.Docker.Containers.KillContainerAsync(container, new(), TestContext.Current.CancellationToken);
        }
        catch (global::Docker.DotNet.DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            var seen = await engine.Docker.Containers.InspectContainerAsync(container, TestContext.Current.CancellationToken);
            throw new InvalidOperationException(
                $"{e.Message}; {seen.State?.Status}, exit code {seen.State?.ExitCode}, {seen.State?.StartedAt} to {seen.State?.FinishedAt}, '{seen.State?.Error}', wrote '{Logs(container)}'", e);
        }
    }

    private async Task Exec(string container, params string[] command)
    {
        var exec = await engine.Docker.Exec.CreateContainerExecAsync(
            container, new() { Cmd = ["/bin/busybox", .. command] }, TestContext.Current.CancellationToken);
        using var _ = await engine.Docker.Exec.StartContainerExecAsync(exec.ID, new(), TestContext.Current.CancellationToken);
    }

    private string Logs(string container)
    {
        using var stream = engine.Docker.Containers.GetContainerLogsAsync(
            container, new() { ShowStdout = true, ShowStderr = true }, CancellationToken.None).GetAwaiter().GetResult();
        return stream.ReadOutputToEndAsync(CancellationToken.None).GetAwaiter().GetResult().Item1;
    }
}
