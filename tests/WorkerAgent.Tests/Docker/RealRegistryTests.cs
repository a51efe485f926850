using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>A real registry behind a password, the real engine, and the agent between them.</summary>
public sealed class RealRegistryTests(RealEngine engine) : IClassFixture<RealEngine>
{
    private string password = "first-token";

    [Fact]
    public async Task A_password_that_changes_and_a_tag_that_moves_change_nothing_about_the_bytes_of_a_revision()
    {
        engine.Need();
        await using var registry = await RealRegistry.Start(Assert.Skip);
        var image = $"{registry.Host}/app:1";
        var other = $"{registry.Host}/other:1";
        var first = await Push(RealEngine.Image, image);
        await Push(RealEngine.Image, other);
        await using var agent = await Start();

        await Run(agent, "app-1-r1-a1", image);
        await Runs(agent, "app-1-r1-a1");
        var seen = agent.Control.Believes["app-1-r1-a1"].Image!;
        Assert.Equal(first, seen.Digest);

        // A new token, and the tag is another image now.
        registry.Change("second-token");
        await Run(agent, "app-2-r1-a1", other);
        var refused = await Ends(agent, "app-2-r1-a1");
        Assert.StartsWith($"cannot pull {other}: ", refused.Message, StringComparison.Ordinal);
        Assert.Matches("(?i)unauthorized|no basic auth credentials|authentication required", refused.Message);
        Assert.Equal(EndCause.Image, refused.Cause);
        password = "second-token";
        await Run(agent, "app-2-r1-a2", other);
        await Runs(agent, "app-2-r1-a2");
        var second = await Push(await Another(), image);
        Assert.NotEqual(first, second);
        Assert.Equal(second, (await Find(agent, image, fresh: true)).Seen?.Digest);

        // What the revision is bound to is pulled again, and is the old one.
        await engine.Docker.Containers.RemoveContainerAsync(await ContainerOf(agent, "app-1-r1-a1"), new() { Force = true }, Cancel);
        await Forget(image, $"{registry.Host}/app@{first}");
        await Run(agent, "app-1-r1-a2", image, $"{registry.Host}/app@{first}");
        await Runs(agent, "app-1-r1-a2");
        var container = await engine.Docker.Containers.InspectContainerAsync(await ContainerOf(agent, "app-1-r1-a2"), Cancel);
        Assert.Equal(seen.Id, container.Image);
        await Run(agent, "app-1-r2-a1", image, $"{registry.Host}/app@{second}");
        await Runs(agent, "app-1-r2-a1");
        Assert.NotEqual(
            seen.Id, (await engine.Docker.Containers.InspectContainerAsync(await ContainerOf(agent, "app-1-r2-a1"), Cancel)).Image);

        // Whoever shows no password, or the old one, is refused in words.
        password = "first-token";
        Assert.Contains("the registry of", (await Find(agent, image, fresh: true)).Problem, StringComparison.Ordinal);
        foreach (var name in new[] { "app-2-r1-a2", "app-1-r1-a2", "app-1-r2-a1" })
            await engine.Docker.Containers.RemoveContainerAsync(await ContainerOf(agent, name), new() { Force = true }, Cancel);
        await Forget(image, other, $"{registry.Host}/app@{first}", $"{registry.Host}/app@{second}");
    }

    [Fact]
    public async Task An_image_is_pulled_at_every_start_or_never_or_when_it_is_not_here_as_its_pull_policy_says()
    {
        engine.Need();
        await using var registry = await RealRegistry.Start(Assert.Skip);
        var (image, absent) = ($"{registry.Host}/app:1", $"{registry.Host}/absent:1");
        var first = await Push(RealEngine.Image, image);
        await Push(RealEngine.Image, absent);
        await using var agent = await Start();

        await Run(agent, "app-1-r1-a1", image, policy: PullPolicy.Always);
        await Runs(agent, "app-1-r1-a1");
        Assert.Equal(first, agent.Control.Believes["app-1-r1-a1"].Image!.Digest);

        // The tag is another image now, and the one that was is here.
        var second = await Push(await Another(), image);
        await engine.Docker.Images.TagImageAsync(
            RealEngine.Image, new() { RepositoryName = $"{registry.Host}/app", Tag = "1" }, Cancel);
        await Run(agent, "app-1-r2-a1", image, policy: PullPolicy.Never);
        await Run(agent, "app-2-r2-a1", image, policy: PullPolicy.Missing);
        foreach (var stays in new[] { "app-1-r2-a1", "app-2-r2-a1" })
        {
            await Runs(agent, stays);
            Assert.Equal(agent.Control.Believes["app-1-r1-a1"].Image!.Id, agent.Control.Believes[stays].Image!.Id);
        }

        await Run(agent, "app-1-r3-a1", image, policy: PullPolicy.Always);
        await Runs(agent, "app-1-r3-a1");
        Assert.Equal(second, agent.Control.Believes["app-1-r3-a1"].Image!.Digest);

        // It could be had.
        await Run(agent, "app-3-r3-a1", absent, policy: PullPolicy.Never);
        var ended = await Ends(agent, "app-3-r3-a1");
        Assert.Equal($"cannot start {absent}: {absent} is not on this worker, and pullPolicy is never", ended.Message);
        Assert.Equal(EndCause.Image, ended.Cause);

        foreach (var name in new[] { "app-1-r1-a1", "app-1-r2-a1", "app-2-r2-a1", "app-1-r3-a1" })
            await engine.Docker.Containers.RemoveContainerAsync(await ContainerOf(agent, name), new() { Force = true }, Cancel);
        await Forget(image, $"{registry.Host}/app@{first}");
    }

    [Fact]
    public async Task Images_that_nobody_needs_go_when_the_disk_fills_up_and_a_rollback_pulls_nothing()
    {
        engine.Need();
        await using var registry = await RealRegistry.Start(Assert.Skip);
        var images = Enumerable.Range(1, 3).Select(it => $"{registry.Host}/app:{it}").ToList();
        foreach (var image in images) await Push(await Another(image[^1..]), image);
        var disk = new FakeDisk();
        await using var agent = await Start(disk);
        foreach (var (at, image) in images.Index())
        {
            await Run(agent, $"app-1-r{at + 1}-a1", image);
            await Runs(agent, $"app-1-r{at + 1}-a1");
        }

        foreach (var ended in new[] { "app-1-r1-a1", "app-1-r2-a1" })
            await engine.Docker.Containers.RemoveContainerAsync(await ContainerOf(agent, ended), new() { Force = true }, Cancel);
        agent.Control.Needed["app"] = [images[1], images[2]];
        disk.Used = 0.9;
        var seen = agent.Get<IContainerEngine>();
        await TestAgent.Until<ImageSeen?>(
            async () => await seen.FindImage(images[0], Cancel), it => it is null, "the image that nobody needs goes");
        Assert.NotNull(await seen.FindImage(images[1], Cancel));
        Assert.NotNull(await seen.FindImage(images[2], Cancel));
        Assert.NotNull(await seen.FindImage(RealEngine.Image, Cancel));

        // From here on nothing can be pulled.
        registry.Change("second-token");
        await Run(agent, "app-1-r2-a2", images[1]);
        await Runs(agent, "app-1-r2-a2");

        disk.Used = 1;
        await TestAgent.Until(() => agent.Control.Beats.Last().EngineProblem ?? "", it => it.Contains("is full", StringComparison.Ordinal),
            "the full disk is told");
        Assert.NotNull(await seen.FindImage(images[1], Cancel));
        disk.Used = 0;
        foreach (var name in new[] { "app-1-r2-a2", "app-1-r3-a1" })
            await engine.Docker.Containers.RemoveContainerAsync(await ContainerOf(agent, name), new() { Force = true }, Cancel);
        await Forget([.. images]);
    }

    /// <summary>A disk of which it is told how full it is.</summary>
    private sealed class FakeDisk : IDisks
    {
        private const long Total = 1_000_000_000_000;

        /// <summary>0 to 1.</summary>
        public double Used { get; set; }

        public DiskRoom? RoomAt(string folder) => new(Total, (long)(Total * (1 - Used)));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private RegistryCredentials Login(string image) =>
        new() { Registry = ImageReference.Parse(image).Registry, Username = RealRegistry.Username, Password = password };

    private Task<ImageAnswer> Find(TestAgent agent, string image, bool fresh) =>
        agent.Get<ImagePulls>().Find(new(image, fresh, MayAskRegistry: true, Login(image)), Cancel);

    private async Task<TestAgent> Start(IDisks? disks = null) => await new TestAgent(
        control: new FakeControlPlane { Credentials = it => new(Login(it.Image)) }, inReality: true, disks: disks,
        options: new WorkerAgentOptions { Name = "worker-r", Cluster = engine.Cluster, DockerHost = engine.Host, Cpu = 4, Memory = "1Gi" })
        .Start();

    private static async Task Run(TestAgent agent, string instance, string image, string? pinned = null,
        PullPolicy policy = PullPolicy.Missing)
    {
        var answer = await agent.Desk.Run(
            new()
            {
                Service = "app", Instance = instance, Epoch = 1, Container = new() { Image = image, PullPolicy = policy }, Image = pinned,
            }, Cancel);
        Assert.True(answer.Accepted, answer.Reason);
    }

    private static Task<InstanceReport?> Runs(TestAgent agent, string instance) => TestAgent.Until(
        () => agent.Control.Believes.GetValueOrDefault(instance), it => it?.Phase == Phase.Running, $"{instance} runs");

    private static Task<InstanceReport> Ends(TestAgent agent, string instance) =>
        agent.Believed(instance, it => it.Phase == Phase.Exited, "it ends");

    private static Task<string> ContainerOf(TestAgent agent, string instance) =>
        Task.FromResult(agent.Control.Believes[instance].ContainerId!);

    /// <summary>Pushes a local image under a name of the registry, and forgets that name here; answers the digest.</summary>
    private async Task<string> Push(string local, string image)
    {
        var (repository, tag) = ContainerMapping.ToPull(image);
        await engine.Docker.Images.TagImageAsync(local, new() { RepositoryName = repository, Tag = tag! }, Cancel);
        var said = new Said();
        await engine.Docker.Images.PushImageAsync(
            repository, new() { Tag = tag! },
            new AuthConfig { ServerAddress = ImageReference.Parse(image).Registry, Username = RealRegistry.Username, Password = password },
            said, Cancel);
        Assert.Null(said.Error);
        var digest = (await engine.Docker.Images.InspectImageAsync(image, Cancel)).RepoDigests
            .Single(it => it.StartsWith($"{repository}@", StringComparison.Ordinal)).Split('@')[1];
        await Forget(image);
        return digest;
    }

    /// <summary>An image that differs from the usual one.</summary>
    private async Task<string> Another(string value = "1")
    {
        others.Add(await engine.ImageWith($"ENV SECOND={value}"));
        return others[^1];
    }

    private readonly List<string> others = [];

    private async Task Forget(params string[] images)
    {
        foreach (var image in images.Concat(others))
        {
            try
            {
                await engine.Docker.Images.DeleteImageAsync(image, new() { Force = true }, Cancel);
            }
            catch (DockerImageNotFoundException)
            {
            }
        }
    }

    private sealed class Said : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value) => Error ??= value.Error?.Message;
    }
}
