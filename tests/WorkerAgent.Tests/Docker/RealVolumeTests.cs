using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>What is mounted into a container of the real engine, and what is not.</summary>
public sealed class RealVolumeTests(RealEngine engine) : IClassFixture<RealEngine>
{
    [Fact]
    public async Task A_folder_behind_a_volume_that_calls_itself_memory_is_refused_and_no_container_appears()
    {
        await using var agent = await engine.Agent();
        var volume = $"{engine.Cluster}-machine";
        var refused = await agent.Run("reach-1-r1-a1", Writes("cat /etc-of-the-machine/hostname") with
        {
            Volumes =
            [
                new(volume, "/etc-of-the-machine")
                {
                    DriverOpts = ValueMap.Of(("type", "tmpfs"), ("device", "/etc"), ("o", "bind")),
                },
            ],
        });
        Assert.Equal(
            (false, "this worker does not mount /etc: it is not in a folder of ALLOWED_BIND_PATHS"), (refused.Accepted, refused.Reason));
        // Orders are taken one after the other: what comes after it runs, and it is not there.
        await agent.Run("reach-2-r1-a1", Writes("true"));
        await agent.Believed("reach-2-r1-a1 Running");
        var ours = (await engine.Docker.Containers.ListContainersAsync(new() { All = true }, Cancel))
            .Where(it => it.Labels.Contains(new(ContainerLabels.Cluster, engine.Cluster))).SelectMany(it => it.Names);
        Assert.Equal(["/reach-2-r1-a1"], ours);
        Assert.DoesNotContain((await engine.Docker.Volumes.ListAsync(Cancel)).Volumes, it => it.Name == volume);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ContainerSpec Writes(string script) => new()
    {
        Image = RealEngine.Image, Entrypoint = ["/bin/busybox", "sh"], StopGrace = TimeSpan.Zero,
        Command = ["-c", $"/bin/busybox --install -s /bin; {script}; while :; do sleep 1; done"],
    };
}
