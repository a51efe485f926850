using System.Formats.Tar;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Docker;

/// <summary>
/// The Docker engine of this machine, with a tiny image, and a cluster name of its own: what it leaves is removed at the end.
/// </summary>
public sealed class RealEngine : IAsyncLifetime
{
    public const string Image = "busybox-www:1";

    private const string EndsOn = "busybox-www.ends-on";

    private const string Answer = "busybox-www.answer";

    /// <summary>The web server handles no signals, and process 1 is given none that it does not handle: a shell beside it does.</summary>
    private const string Serve = "trap 'exit 143' TERM; /bin/busybox httpd -f -p 80 -h /www & wait $!";

    private readonly List<string> made = [];

    public string Host { get; } = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host
        : "unix:///var/run/docker.sock";

    public string Cluster { get; } = $"test-{Guid.NewGuid().ToString("n")[..8]}";

    internal DockerClient Docker { get; private set; } = null!;

    /// <summary>Why these tests cannot run here; none when they can.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Docker = new DockerClientBuilder().WithEndpoint(new Uri(Host)).Build();
        try
        {
            await Docker.System.PingAsync();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or DockerApiException or TimeoutException)
        {
            Missing = $"no Docker engine answers at {Host}: {e.GetBaseException().Message}";
            return;
        }

        try
        {
            if (!IsUsual(await Docker.Images.InspectImageAsync(Image))) await MakeImage();
        }
        catch (DockerImageNotFoundException)
        {
            await MakeImage();
        }
    }

    public void Need()
    {
        if (Missing is not null) Assert.Skip(Missing);
    }

    /// <summary>An agent on it, as a worker of its own: no other test's containers are adopted.</summary>
    internal async Task<TestAgent> Agent(Func<WorkerAgentOptions, WorkerAgentOptions>? options = null, TemporaryFolder? folder = null)
    {
        Need();
        var plain = new WorkerAgentOptions { Name = $"w-{Guid.NewGuid().ToString("n")[..8]}", Cluster = Cluster, DockerHost = Host };
        return await new TestAgent(folder: folder, options: options?.Invoke(plain) ?? plain, inReality: true).Start();
    }

    internal Task<ContainerInspectResponse> Shown(string container) =>
        Docker.Containers.InspectContainerAsync(container, TestContext.Current.CancellationToken);

    /// <summary>What a container has written by now.</summary>
    internal async Task<string> Written(string container)
    {
        var (asked, cancel) = (new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, TestContext.Current.CancellationToken);
        using var stream = await Docker.Containers.GetContainerLogsAsync(container, asked, cancel);
        var (output, error) = await stream.ReadOutputToEndAsync(cancel);
        return output + error;
    }

    /// <summary>Has busybox do something in a container.</summary>
    internal async Task Exec(string container, params string[] command)
    {
        var cancel = TestContext.Current.CancellationToken;
        var run = await Docker.Exec.CreateContainerExecAsync(container, new() { Cmd = ["/bin/busybox", .. command] }, cancel);
        using var stream = await Docker.Exec.StartContainerExecAsync(run.ID, new(), cancel);
    }

    /// <summary>The usual image with something more: a line of a Dockerfile.</summary>
    internal async Task<string> ImageWith(string change)
    {
        var cancel = TestContext.Current.CancellationToken;
        var container = await Docker.Containers.CreateContainerAsync(
            new() { Image = Image, Labels = new Dictionary<string, string> { [ContainerLabels.Cluster] = Cluster } }, cancel);
        var name = $"orchestrator-test-{Guid.NewGuid():n}";
        await Docker.Images.CommitContainerChangesAsync(
            new() { ContainerID = container.ID, RepositoryName = name, Tag = "2", Changes = [change] }, cancel);
        made.Add($"{name}:2");
        return made[^1];
    }

    public async ValueTask DisposeAsync()
    {
        if (Missing is null)
        {
            var filters = new Dictionary<string, IDictionary<string,
                bool>> { ["label"] = new Dictionary<string, bool> { [$"{ContainerLabels.Cluster}={Cluster}"] = true } };
            foreach (var container in await Docker.Containers.ListContainersAsync(new() { All = true, Filters = filters }))
                await Docker.Containers.RemoveContainerAsync(container.ID, new() { Force = true });
            foreach (var image in made)
            {
                try
                {
                    await Docker.Images.DeleteImageAsync(image, new() { Force = true });
                }
                catch (DockerImageNotFoundException)
                {
                }
            }
        }

        Docker?.Dispose();
    }

    /// <summary>Neither one of an earlier version nor one to which somebody has given the name.</summary>
    private static bool IsUsual(ImageInspectResponse image) =>
        image.Config?.Labels is { } about && about.ContainsKey(EndsOn) && about.TryGetValue(Answer, out var answer) && answer == "ok";

    // Nothing can be pulled where these tests run: a static busybox is all that the image needs.
    private async Task MakeImage()
    {
        const string busybox = "/bin/busybox";
        if (!File.Exists(busybox))
        {
            Missing = $"the image {Image} is not there, and neither is a static {busybox} to make it of";
            return;
        }

        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            await writer.WriteEntryAsync(busybox, "bin/busybox");
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "www/"));
            await writer.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, "www/index.html") { DataStream = new MemoryStream("ok\n"u8.ToArray()) });
        }

        tar.Position = 0;
        var (name, tag) = ContainerMapping.ToPull(Image);
        await Docker.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name, Tag = tag!,
                Changes = [$"CMD [\"/bin/busybox\",\"sh\",\"-c\",\"{Serve}\"]", "EXPOSE 80",
                    $"LABEL {EndsOn}=TERM {Answer}=ok"] },
            tar, null!, new Progress<JSONMessage>());
    }
}
