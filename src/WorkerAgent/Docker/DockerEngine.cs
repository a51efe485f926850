using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Resilience;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>Docker behind our words. Every error of Docker's or of the way to it is translated here, every call has a deadline.</summary>
internal sealed partial class DockerEngine(WorkerAgentOptions options, TimeProvider clock) : IContainerEngine, IDisposable
{
    private static readonly string[] Interesting = ["die", "oom", "destroy", "health_status", "kill", "pause", "unpause"];
    private static readonly TimeSpan LongestExec = TimeSpan.FromHours(1);

    /// <summary>One that gets on is let go on; whoever pulls sees to that.</summary>
    private static readonly TimeSpan LongestPull = TimeSpan.FromDays(1);

    /// <summary>Whoever made the wish waits for it.</summary>
    private static readonly TimeSpan RegistryDeadline = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions EventJson = new(JsonSerializerDefaults.Web);

    // No time limit of the client's own: event streams and pulls are long; each call brings its deadline.
    private readonly DockerClient docker = Client(options).Build();

    public Task<ValueList<Container>> List(ValueMap labels, CancellationToken cancel) =>
        Ask("list containers", options.EngineDeadline, async deadline =>
    {
        var listed = await docker.Containers.ListContainersAsync(new() { All = true, Filters = Filter(labels) }, deadline);
        return listed.Select(ContainerMapping.ToContainer).ToValueList();
    }, cancel);

    public async Task<Container?> Find(string container, CancellationToken cancel)
    {
        try
        {
            return await Ask<Container?>($"inspect {container}", options.EngineDeadline, async deadline =>
                ContainerMapping.ToContainer(await docker.Containers.InspectContainerAsync(container, deadline)), cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoContainer)
        {
            return null;
        }
    }

    public Task<string> Create(NewContainer container, CancellationToken cancel) =>
        Ask($"create {container.Name}", options.EngineDeadline, async deadline =>
        (await docker.Containers.CreateContainerAsync(ContainerMapping.ToCreate(container), deadline)).ID, cancel);

    public Task Start(string id, CancellationToken cancel) => Ask(
        $"start {id}", options.EngineDeadline, deadline => docker.Containers.StartContainerAsync(id, new(), deadline), cancel);

    public Task Stop(string id, TimeSpan grace, CancellationToken cancel) =>
        Ask($"stop {id}", options.EngineDeadline + grace, async deadline =>
    {
        // The engine counts whole seconds; what is shorter than one is done here.
        if (grace < TimeSpan.FromSeconds(1)) await StopQuickly(id, grace, deadline);
        else await docker.Containers.StopContainerAsync(
            id, new() { WaitBeforeKillSeconds = (uint)Math.Ceiling(grace.TotalSeconds) }, deadline);
        return true;
    }, cancel);

    public Task Unpause(string id, CancellationToken cancel) => Ask($"unpause {id}", options.EngineDeadline, async deadline =>
    {
        await docker.Containers.UnpauseContainerAsync(id, deadline);
        return true;
    }, cancel);

    public async Task Remove(string id, CancellationToken cancel)
    {
        try
        {
            await Ask($"remove {id}", options.EngineDeadline, async deadline =>
            {
                await docker.Containers.RemoveContainerAsync(id, new() { Force = true, RemoveVolumes = true }, deadline);
                return true;
            }, cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoContainer)
        {
        }
    }

    public Task Rename(string id, string name, CancellationToken cancel) => Ask($"rename {id}", options.EngineDeadline, async deadline =>
    {
        await docker.Containers.RenameContainerAsync(id, new() { NewName = name }, deadline);
        return true;
    }, cancel);

    public async Task<string?> Incarnation(CancellationToken cancel) =>
        await EngineProcess.Find(new Uri(options.DockerHost), cancel) is { } process
            ? $"{process.Pid} since {process.Started}"
            : null;

    public Task Pull(string image, PullLogin? login, IProgress<PullStep> course, CancellationToken cancel) =>
        Ask($"pull {image}", LongestPull, async deadline =>
    {
        var (name, tag) = ContainerMapping.ToPull(image);
        var said = new PullWords(course);
        await docker.Images.CreateImageAsync(
            new() { FromImage = name, Tag = tag }, login is null ? null! : ContainerMapping.ToAuth(login), said, deadline);
        return said.Message is null ? true : throw EngineFaults.Of(HttpStatusCode.NotFound, said.Message);
    }, cancel);

    public async Task<ImageSeen?> FindImage(string image, CancellationToken cancel)
    {
        try
        {
            return await Ask<ImageSeen?>($"inspect image {image}", options.EngineDeadline, async deadline =>
                ContainerMapping.ToImage(image, await docker.Images.InspectImageAsync(image, deadline)), cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoImage)
        {
            return null;
        }
    }

    public Task<string> DigestInRegistry(string image, PullLogin? login, CancellationToken cancel) =>
        Ask($"ask the registry for {image}", RegistryDeadline, async deadline =>
    {
        // The package's call takes no login; the engine wants it in this header.
        using var asking = login is null ? null : Client(options)
            .WithHeader("X-Registry-Auth", ContainerMapping.ToAuthHeader(login)).Build();
        return (await (asking ?? docker).Distribution.InspectAsync(image, deadline)).Descriptor.Digest;
    }, cancel);

    public Task<ValueList<string>> Images(int limit, CancellationToken cancel) =>
        Ask("list images", options.EngineDeadline, async deadline =>
    {
        var images = await docker.Images.ListImagesAsync(new(), deadline);
        return images.OrderByDescending(i => i.Created).SelectMany(i => i.RepoTags ?? []).Where(t => t != "<none>:<none>").Take(limit)
            .Order(StringComparer.Ordinal).ToValueList();
    }, cancel);

    public Task<(int ExitCode, string Output)> Exec(string id, ValueList<string> command, CancellationToken cancel) =>
        Ask($"run {command[0]} in {id}", LongestExec, async deadline =>
    {
        var run = await docker.Exec.CreateContainerExecAsync(
            id, new() { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, deadline);
        using var stream = await docker.Exec.StartContainerExecAsync(run.ID, new(), deadline);
        var (output, error) = await stream.ReadOutputToEndAsync(deadline);
        return ((int)((await docker.Exec.InspectContainerExecAsync(run.ID, deadline)).ExitCode ?? -1), error.Length > 0 ? error : output);
    }, cancel);

    public Task<LastWords> LastWords(string id, CancellationToken cancel) =>
        Ask($"read the log of {id}", TimeSpan.FromSeconds(5), async deadline =>
    {
        using var stream = await docker.Containers.GetContainerLogsAsync(
            id, new() { ShowStdout = true, ShowStderr = true, Tail = "10", Timestamps = true }, deadline);
        var (output, error) = await stream.ReadOutputToEndAsync(deadline);
        return LastLines.Of(output, error);
    }, cancel);

    public async Task<IAsyncEnumerable<EngineEvent>> Watch(ValueMap labels, CancellationToken cancel)
    {
        var filters = Filter(labels);
        filters["type"] = new Dictionary<string, bool> { ["container"] = true };
        filters["event"] = Interesting.ToDictionary(e => e, _ => true);

        // The deadline is for the head of the answer only: the stream itself lives as long as the engine.
        var asked = OpenEvents(filters, cancel);
        return Events(await Ask("watch events", options.EngineDeadline, deadline => asked.WaitAsync(deadline), cancel), cancel);
    }

    public void Dispose() => docker.Dispose();

    private static DockerClientBuilder Client(WorkerAgentOptions options) =>
        new DockerClientBuilder().WithEndpoint(new Uri(options.DockerHost)).WithTimeout(Timeout.InfiniteTimeSpan);

    private Task<Stream> OpenEvents(IDictionary<string, IDictionary<string, bool>> filters, CancellationToken cancel) =>
#pragma warning disable CS0618 // The other overload does not tell when the subscription stands; we must list containers after that moment.
        docker.System.MonitorEventsAsync(new() { Filters = filters }, cancel);
#pragma warning restore CS0618

    private static async IAsyncEnumerable<EngineEvent> Events(Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using (stream)
        {
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                if (line.Length > 0 && JsonSerializer.Deserialize<Message>(line, EventJson) is { } message
                    && ContainerMapping.ToEvent(message) is { } happened)
                    yield return happened;
            }
        }
    }

    private async Task StopQuickly(string id, TimeSpan grace, CancellationToken deadline)
    {
        if (grace > TimeSpan.Zero)
        {
            var signal = (await docker.Containers.InspectContainerAsync(id, deadline)).Config?.StopSignal;
            await Signal(id, signal is { Length: > 0 } own ? own : "SIGTERM", deadline);
            var ended = docker.Containers.WaitContainerAsync(id, deadline);
            await ended.WaitAsync(grace, clock, deadline).Quietly();
            if (ended.IsCompletedSuccessfully) return;
        }

        await Signal(id, "SIGKILL", deadline);
        await docker.Containers.WaitContainerAsync(id, deadline);
    }

    private async Task Signal(string id, string signal, CancellationToken deadline)
    {
        try
        {
            await docker.Containers.KillContainerAsync(id, new() { Signal = signal }, deadline);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.Conflict)
        {
            // It does not run: that is what was wanted.
        }
    }

    private async Task<T> Ask<T>(string what, TimeSpan limit, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            // Also when the client itself does not come back: a wedged engine must not wedge us.
            return await PatientCalls.Within(limit, clock).Run(deadline => InOurWords(ask(deadline)).WaitAsync(deadline), cancel);
        }
        catch (TimeoutException e)
        {
            throw new EngineException(EngineFault.Silent, $"the engine has not answered '{what}' within {Durations.Format(limit)}", e);
        }
    }

    private async Task<T> InOurWords<T>(Task<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (DockerApiException e)
        {
            throw EngineFaults.Of(e.StatusCode, e.ResponseBody, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            throw EngineFaults.Away(options.DockerHost, e);
        }
    }

    private static Dictionary<string, IDictionary<string, bool>> Filter(ValueMap labels) =>
        new() { ["label"] = labels.ToDictionary(l => $"{l.Key}={l.Value}", _ => true) };

    private sealed class PullWords(IProgress<PullStep> course) : IProgress<JSONMessage>
    {
        /// <summary>The first error that it tells.</summary>
        public string? Message { get; private set; }

        public void Report(JSONMessage value)
        {
            Message ??= value.Error?.Message;
            course.Report(new(value.ID ?? "", value.Status ?? "", value.Progress?.Current, value.Progress?.Total));
        }
    }
}
