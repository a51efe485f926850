using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

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
            .Where(it => it.Labels.Contains(new(ContainerLabels.Cluster, engine.Cluster))).SelectMany(it => it.Names)
            .Where(name => name.StartsWith("/reach-", StringComparison.Ordinal));
        Assert.Equal(["/reach-2-r1-a1"], ours);
        Assert.DoesNotContain((await engine.Docker.Volumes.ListAsync(Cancel)).Volumes, it => it.Name == volume);
    }

    [Fact]
    public async Task A_volume_without_a_name_is_there_and_goes_with_its_container()
    {
        await using var agent = await engine.Agent();
        await agent.Run("scratch-1-r1-a1", Writes("echo kept > /scratch/file; cat /scratch/file") with { Volumes = [new("", "/scratch")] });
        await agent.Believed("scratch-1-r1-a1 Running");
        var id = agent.Control.Believes["scratch-1-r1-a1"].ContainerId!;
        await TestAgent.Until(() => engine.Written(id), text => text.Trim() == "kept", "it can be written to");
        var mount = (await engine.Shown(id)).Mounts.Single();
        Assert.Equal(("volume", "/scratch", true), (mount.Type, mount.Destination, mount.RW));
        Assert.Contains((await engine.Docker.Volumes.ListAsync(Cancel)).Volumes, it => it.Name == mount.Name);
        await agent.Stop("scratch-1-r1-a1", grace: 0);
        await TestAgent.Until(() => agent.Control.Believes["scratch-1-r1-a1"].Phase, phase => phase == Phase.Exited, "it has ended");
        await agent.Forget("scratch-1-r1-a1", withdrawn: true);
        await agent.Believed();
        Assert.DoesNotContain((await engine.Docker.Volumes.ListAsync(Cancel)).Volumes, it => it.Name == mount.Name);
    }

    [Fact]
    public async Task Memory_has_its_permissions_and_a_folder_to_be_read_cannot_be_written_to()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "page"), "of the machine", Cancel);
        await using var agent = await engine.Agent(it => it with { BindPaths = folder.Path });
        await agent.Run("mounts-1-r1-a1", Writes(
            """
            stat -c '%n %a' /memory /usual
            echo "page $(cat /read/page)"
            touch /read/new 2>/dev/null && echo written || echo refused
            touch /write/new && echo written
            """) with
        {
            Volumes =
            [
                new("", "/memory", Tmpfs: new(ByteSize.Mi(1), "0710")), new("", "/usual", Tmpfs: new()),
                new(folder.Path, "/read", ReadOnly: true), new(folder.Path, "/write"),
            ],
        });
        await agent.Believed("mounts-1-r1-a1 Running");
        var id = agent.Control.Believes["mounts-1-r1-a1"].ContainerId!;
        await TestAgent.Until(() => engine.Written(id),
            text => text == "/memory 710\n/usual 1777\npage of the machine\nrefused\nwritten\n", "it has written all");
        Assert.Equal(["new", "page"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var shown = (await engine.Shown(id)).Mounts.Where(it => it.Type == "bind").ToDictionary(it => it.Destination, it => it.RW);
        Assert.Equal((false, true), (shown["/read"], shown["/write"]));
    }

    [Fact]
    public async Task What_is_delivered_is_a_file_of_its_owner_with_its_permissions_wherever_it_is_wished()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives a file to somebody else");
        await using var agent = await engine.Agent();
        agent.Control.Contents = _ => new(new InstanceContents
        {
            Files =
            [
                new("/run/secrets/db", 0b100_100_100, 0, 0, "hunter2"u8.ToArray()),
                new("/etc/shop/key.pem", 0b100_000_000, 1000, 1001, "key"u8.ToArray()),
                new("/settings.conf", 0b110_100_000, 0, 1001, "colour=red"u8.ToArray()),
            ],
            Env = ValueMap.Of(("TOKEN", "given")),
        });
        await agent.Run("given-1-r1-a1", Writes(
            """
            for file in /run/secrets/db /etc/shop/key.pem /settings.conf; do
              echo "$(stat -c '%n %a %u:%g' $file) $(cat $file) $(echo more 2>/dev/null >> $file && echo written || echo refused)"
            done
            echo "$TOKEN"
            """) with
        {
            Secrets = [new("db"), new("key", "/etc/shop/key.pem", 1000, 1001, "0400")],
            Configs = [new("settings.conf", Gid: 1001, Mode: "0640")],
        });
        await agent.Believed("given-1-r1-a1 Running");
        var id = agent.Control.Believes["given-1-r1-a1"].ContainerId!;
        await TestAgent.Until(() => engine.Written(id), text => text ==
            """
            /run/secrets/db 444 0:0 hunter2 refused
            /etc/shop/key.pem 400 1000:1001 key refused
            /settings.conf 640 0:1001 colour=red refused
            given

            """, "it has written all");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ContainerSpec Writes(string script) => new()
    {
        Image = RealEngine.Image, Entrypoint = ["/bin/busybox", "sh"], StopGrace = TimeSpan.Zero,
        Command = ["-c", $"/bin/busybox --install -s /bin; {script}; while :; do sleep 1; done"],
    };
}
