using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>What of the machine a container of the real engine gets hold of.</summary>
public sealed class RealReachTests(RealEngine engine) : IClassFixture<RealEngine>
{
    /// <summary>An engine that is not mighty itself cannot start it, and says so.</summary>
    [Fact]
    public async Task What_is_privileged_may_do_everything_where_the_worker_allows_it()
    {
        var mighty = new ContainerSpec
        {
            Image = RealEngine.Image, Privileged = true,
            Command = ["/bin/busybox", "sh", "-c", "/bin/busybox grep CapEff /proc/self/status; exec /bin/busybox sleep 600"],
        };
        await using var agent = await engine.Agent(it => it with { Privileged = true });
        await agent.Run("mighty-1-r1-a1", mighty);
        await agent.Run("usual-1-r1-a1", mighty with { Privileged = false });
        Assert.False(MayAdminister(await Settled(agent, "usual-1-r1-a1")));
        var seen = await Settled(agent, "mighty-1-r1-a1");
        if (seen.EndsWith('\n')) Assert.True(MayAdminister(seen));
        else Assert.Contains("unable to apply caps", seen, StringComparison.Ordinal);
        Assert.True((await Shown(agent, "mighty-1-r1-a1")).HostConfig!.Privileged);

        await using var careful = await engine.Agent();
        var refused = await careful.Run("mighty-2-r1-a1", mighty);
        Assert.Equal((false, "this worker runs nothing privileged: ALLOW_PRIVILEGED is not set"), (refused.Accepted, refused.Reason));

        static bool MayAdminister(string line) => (Convert.ToUInt64(line.Split(':')[1].Trim(), 16) & (1UL << 21)) != 0;
    }

    /// <summary>Where there are none the engine says so, and the container that it did not start shows what it was asked for.</summary>
    [Fact]
    public async Task Gpus_are_asked_of_the_engine()
    {
        await using var agent = await engine.Agent();
        await agent.Run("gpu-1-r1-a1", new() { Image = RealEngine.Image, Gpus = "2" });
        var seen = await agent.Believed(
            "gpu-1-r1-a1", it => it.Phase is Phase.Running or Phase.Exited, "it runs, or the engine says why not");
        if (seen.Phase == Phase.Exited) Assert.Contains("capabilities: [[gpu]]", seen.Message, StringComparison.Ordinal);
        var request = Assert.Single((await Shown(agent, "gpu-1-r1-a1")).HostConfig!.DeviceRequests!);
        Assert.Equal((2, "gpu"), (request.Count, request.Capabilities!.Single().Single()));
    }

    [Fact]
    public async Task The_weight_of_its_disk_traffic_is_given_to_the_engine_where_the_kernel_has_it()
    {
        await using var agent = await engine.Agent();
        await agent.Run("weight-1-r1-a1", new() { Image = RealEngine.Image, Resources = new() { BlkioWeight = 300 } });
        await agent.Believed("weight-1-r1-a1 Running");
        var direct = await engine.Docker.Containers.CreateContainerAsync(new()
        {
            Image = RealEngine.Image, HostConfig = new() { BlkioWeight = 300 },
            Labels = new Dictionary<string, string> { [ContainerLabels.Cluster] = engine.Cluster },
        }, TestContext.Current.CancellationToken);
        if (direct.Warnings is [var discarded, ..]) Assert.Skip($"it runs, and the engine says: {discarded}");
        Assert.Equal(300, (await Shown(agent, "weight-1-r1-a1")).HostConfig!.BlkioWeight);
    }

    /// <summary>What it has written, or why it has ended.</summary>
    private async Task<string> Settled(TestAgent agent, string instance)
    {
        var seen = await agent.Believed(
            instance, it => it.Phase is Phase.Running or Phase.Exited, "it runs, or the engine says why not");
        return seen.Phase == Phase.Exited ? seen.Message!
            : await TestAgent.Until(() => engine.Written(seen.ContainerId!), text => text.EndsWith('\n'), "it has written a line");
    }

    private Task<global::Docker.DotNet.Models.ContainerInspectResponse> Shown(TestAgent agent, string instance) =>
        engine.Shown(agent.Control.Believes[instance].ContainerId!);
}
