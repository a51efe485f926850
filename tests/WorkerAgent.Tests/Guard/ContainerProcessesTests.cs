using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Tests.Docker;

namespace Orchestrator.WorkerAgent.Tests.Guard;

/// <summary>How a guard ends a container without its engine.</summary>
public sealed class ContainerProcessesTests(RealEngine engine) : IClassFixture<RealEngine>
{
    [Fact]
    public async Task All_processes_of_a_container_are_killed_by_their_numbers_and_no_others()
    {
        engine.Need();
        var cancel = TestContext.Current.CancellationToken;
        var (victim, other) = (await Start("victim"), await Start("other"));
        if (!ContainerProcesses.Any(victim)) Assert.Skip("the engine's containers are not on this machine");
        Assert.True(ContainerProcesses.Kill(victim) > 0);
        await Testing.Eventually.Become(
            async () => (await engine.Docker.Containers.InspectContainerAsync(victim, cancel)).State,
            state => state is { Running: false, ExitCode: 137 }, TimeSpan.FromSeconds(10), "the engine sees its end", cancel);
        Assert.True(ContainerProcesses.Any(other));
        Assert.Equal(0, ContainerProcesses.Kill(victim));
    }

    private async Task<string> Start(string name)
    {
        var cancel = TestContext.Current.CancellationToken;
        var created = await engine.Docker.Containers.CreateContainerAsync(new()
        {
            Name = $"{name}-{engine.Cluster}",
            Image = RealEngine.Image,
            Cmd = ["/bin/busybox", "sh", "-c", "/bin/busybox sleep 1000 & /bin/busybox sleep 1000"],
            Labels = new Dictionary<string, string> { ["orchestrator.cluster"] = engine.Cluster },
            HostConfig = new() { NetworkMode = "none" },
        }, cancel);
        await engine.Docker.Containers.StartContainerAsync(created.ID, new(), cancel);
        return created.ID;
    }
}
