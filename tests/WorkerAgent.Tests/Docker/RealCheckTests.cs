using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>Images that bring a check of their own, on the real engine.</summary>
public sealed class RealCheckTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private const string WellOnceThereIsAFile =
        """HEALTHCHECK --interval=500ms --timeout=2s --retries=2 CMD ["/bin/busybox", "test", "-e", "/well"]""";

    [Fact]
    public async Task The_images_own_check_decides_where_nothing_else_is_wished()
    {
        engine.Need();
        var image = await engine.ImageWith(WellOnceThereIsAFile);
        await using var agent = await engine.Agent();
        await agent.Run("own-1-r1-a1", new() { Image = image });
        var unwell = await agent.Believed("own-1-r1-a1", it => it.Health == InstanceHealth.Unhealthy, "its check finds nothing");
        Assert.Equal(Phase.Running, unwell.Phase);
        await agent.Believed("own-1-r1-a1", it => it.Probes is [.., { Ok: false, Output: "exit code 1" }], "what the check said is told");
        await engine.Exec(unwell.ContainerId!, "touch", "/well");
        await agent.Believed("own-1-r1-a1", it => it.Health == InstanceHealth.Healthy, "its check finds it well");
    }

    [Fact]
    public async Task The_images_own_check_is_not_run_where_it_is_switched_off_or_another_is_wished()
    {
        engine.Need();
        var image = await engine.ImageWith(WellOnceThereIsAFile);
        await using var agent = await engine.Agent();
        var second = TimeSpan.FromSeconds(1);
        await agent.Run("off-1-r1-a1", new() { Image = image, Health = new() { None = true } });
        await agent.Run("http-1-r1-a1", new() { Image = image, Health = new() { Http = new() { Port = 80 }, Interval = second } });
        await agent.Run("run-1-r1-a1", new()
        {
            Image = image, Health = new() { Command = ["/bin/busybox", "test", "-e", "/www"], Interval = second },
        });
        await agent.Believed("http-1-r1-a1", it => it.Health == InstanceHealth.Healthy, "its server answers");
        await agent.Believed("run-1-r1-a1", it => it.Health == InstanceHealth.Healthy, "the program that was wished says so");
        var off = await agent.Believed("off-1-r1-a1", it => it.Phase == Phase.Running, "it runs");
        Assert.Equal((InstanceHealth.None, null), (off.Health, off.Probes));
        foreach (var (name, test) in new[] { ("off", "NONE"), ("http", "NONE"), ("run", "CMD /bin/busybox test -e /www") })
        {
            var shown = await engine.Shown(agent.Control.Believes[$"{name}-1-r1-a1"].ContainerId!);
            Assert.Equal(test, string.Join(' ', shown.Config!.Healthcheck!.Test!));
            Assert.Equal(name == "run", shown.State!.Health is { Status: not (null or "" or "none") });
        }
    }
}
