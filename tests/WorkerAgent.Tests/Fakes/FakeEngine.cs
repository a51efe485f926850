using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>
/// An engine in memory that behaves: it keeps containers over the agent's restarts, sends events, refuses, hangs and goes away on demand.
/// </summary>
internal sealed partial class FakeEngine(TimeProvider clock) : IContainerEngine
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Container> containers = [];
    private readonly Dictionary<string, ContainerSpec> specs = [];
    private readonly Dictionary<string, NewContainer> created = [];
    private readonly List<(ValueMap Labels, Channel<EngineEvent> Events)> watchers = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> held = new();
    private int ids;
    private int inside;

    /// <summary>Everything asked that changes something, as short sentences: <c>start web-1-r1-a1</c>.</summary>
    public ConcurrentQueue<string> Done { get; } = new();

    public HashSet<string> ImagesHere { get; } = ["busybox-www:1"];

    /// <summary>What is behind references here, where it is not told by the name.</summary>
    public Dictionary<string, ImageSeen> Meanings { get; } = [];

    /// <summary>By reference, what the registry has; what is not there it does not know.</summary>
    public Dictionary<string, string> Registry { get; } = [];

    /// <summary>The logins that pulls came with.</summary>
    public ConcurrentQueue<PullLogin?> Logins { get; } = new();

    /// <summary>What a pull answers; none means that it works.</summary>
    public string? PullProblem { get; set; }

    /// <summary>What a program that is run in a container answers.</summary>
    public (int ExitCode, string Output) ExecAnswer { get; set; }

    /// <summary>What a start answers; none means that it works.</summary>
    public EngineException? StartProblem { get; set; }

    /// <summary>A container that takes longer than any grace and must be killed.</summary>
    public bool Stubborn { get; set; }

    public bool Away { get; set; }

    /// <summary>Counts the engine's processes; none is one that does not show whether it is another.</summary>
    public int? Process { get; set; } = 1;

    /// <summary>What was held is done when it is released, also when nobody waits for it any more.</summary>
    public bool GoesOnAlone { get; set; }

    /// <summary>The newest call that was held.</summary>
    public Task Alone { get; private set; } = Task.CompletedTask;

    public string? LastWords { get; set; }

    /// <summary>Most calls of starting or removing that were inside at the same time.</summary>
    public int MostInside { get; private set; }

    /// <summary>Told of everything that is asked, as it is asked.</summary>
    public Action<string>? Asked { get; set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Calls of this kind (pull, create, start, stop, remove) do not return until the answer is released.</summary>
    public TaskCompletionSource Hold(string call) => held[call] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Names(ContainerState state)
    {
        lock (gate) return [.. containers.Values.Where(c => c.State == state).Select(c => c.Name).Order(StringComparer.Ordinal)];
    }

    public Container? this[string name]
    {
        get
        {
            lock (gate) return containers.Values.FirstOrDefault(c => c.Name == name || c.Id == name);
        }
    }

    /// <summary>What the container of this name was created from.</summary>
    public NewContainer CreatedAs(string name)
    {
        lock (gate) return created[this[name]!.Id];
    }

    public string ImageOf(string id)
    {
        lock (gate) return specs[id].Image;
    }

    /// <summary>The container ends by itself.</summary>
    public void Die(string name, int exitCode, bool silently = false)
    {
        Container dead;
        lock (gate)
        {
            dead = this[name]! with { State = ContainerState.Exited, ExitCode = exitCode, EndedAt = clock.GetUtcNow(), Ports = [] };
            containers[dead.Id] = dead;
        }

        if (!silently) Send(new(EngineEventKind.Died, dead.Id, dead.Labels, clock.GetUtcNow(), exitCode));
    }

    /// <summary>Somebody else stops or kills it: the engine tells the signal, then the end.</summary>
    public void EndedBySomebody(string name, int signal, int exitCode)
    {
        var container = this[name]!;
        Send(new(EngineEventKind.Signalled, container.Id, container.Labels, clock.GetUtcNow(), Signal: signal));
        if (exitCode >= 0) Die(name, exitCode);
    }

    /// <summary>The engine stops, which ends all containers while nobody hears of it, and another process of it begins.</summary>
    public void Restart(int exitCode)
    {
        foreach (var name in Names(ContainerState.Running)) Die(name, exitCode, silently: true);
        Process++;
        BreakEvents();
    }

    public void Health(string name, InstanceHealth health)
    {
        Container container;
        lock (gate) container = containers[this[name]!.Id] = this[name]! with { Health = health };
        Send(new(EngineEventKind.HealthChanged, container.Id, container.Labels, clock.GetUtcNow(), Health: health));
    }

    /// <summary>Somebody else removes a container by force.</summary>
    public void Vanish(string name, bool silently = false)
    {
        Container gone;
        lock (gate)
        {
            gone = this[name]!;
            containers.Remove(gone.Id);
        }

        if (!silently) Send(new(EngineEventKind.Removed, gone.Id, gone.Labels, clock.GetUtcNow()));
    }

    /// <summary>A container that somebody else has made.</summary>
    public void Put(string name, ContainerState state, ValueMap? labels = null)
    {
        lock (gate)
        {
            var id = NewId();
            containers[id] = new() { Id = id, Name = name, State = state, Labels = labels
                ?? ValueMap.Empty, StartedAt = state == ContainerState.Created ? null : clock.GetUtcNow() };
            specs[id] = new() { Image = "busybox-www:1" };
        }
    }

    /// <summary>The event stream breaks, as when the engine restarts.</summary>
    public void BreakEvents()
    {
        lock (gate)
        {
            foreach (var (_, events) in watchers) events.Writer.TryComplete();
            watchers.Clear();
        }
    }

    public Task<ValueList<Container>> List(ValueMap labels, CancellationToken cancel) => Do("list", "", () =>
        containers.Values.Where(c => labels.All(l => c.Labels[l.Key] == l.Value)).ToValueList(), cancel);

    public Task<Container?> Find(string container, CancellationToken cancel) => Do("find", "", () => this[container], cancel);

    public Task<string> Create(NewContainer container, CancellationToken cancel) => Do("create", container.Name, () =>
    {
        var image = container.Image ?? container.Spec.Image;
        if (ImageBehind(image) is not { } behind) throw new EngineException(EngineFault.NoImage, $"No such image: {image}");
        if (this[container.Name] is not null)
            throw new EngineException(EngineFault.NameTaken, $"The container name \"/{container.Name}\" is already in use by container");
        var id = NewId();
        containers[id] = new()
        {
            Id = id, Name = container.Name, State = ContainerState.Created, Labels = container.Labels, ImageId = behind.Id!,
            CreatedAt = clock.GetUtcNow(),
        };
        specs[id] = container.Spec;
        created[id] = container;
        return id;
    }, cancel);

    public Task Start(string id, CancellationToken cancel) => Do("start", this[id]?.Name ?? id, () =>
    {
        if (StartProblem is { } problem) throw problem;
        var started = this[id] ?? throw new EngineException(EngineFault.NoContainer, $"No such container: {id}");
        containers[id] = started with
        {
            State = ContainerState.Running,
            StartedAt = clock.GetUtcNow(),
            // What the agent asks the engine knows nothing of.
            Health = specs[id].Health is { Command.Count: > 0 } ? InstanceHealth.Starting : InstanceHealth.None,
            Ports = specs[id].Ports.Select(
                (p, at) => new PublishedPort(p.Container, p.Host ?? (30_000 + (Number(id) * 10) + at),
                    p.Address ?? "127.0.0.1", p.Protocol))
                .ToValueList(),
        };
        return true;
    }, cancel);

    public async Task Stop(string id, TimeSpan grace, CancellationToken cancel)
    {
        var name = this[id]?.Name ?? id;
        await Do("stop", string.Create(CultureInfo.InvariantCulture, $"{name} within {grace.TotalSeconds:0.##} s"), () => true, cancel);
        if (Stubborn) await Task.Delay(grace, clock, cancel);
        if (this[id] is { State: ContainerState.Running or ContainerState.Paused }) Die(name, Stubborn ? 137 : 0);
    }

    public Task Unpause(string id, CancellationToken cancel) => Do("unpause", this[id]?.Name ?? id, () =>
    {
        Pause(id, paused: false);
        return true;
    }, cancel);

    /// <summary>Somebody freezes a container, or lets it go on.</summary>
    public void Pause(string name, bool paused = true)
    {
        Container container;
        lock (gate)
        {
            container = containers[this[name]!.Id] = this[name]! with { State = paused ? ContainerState.Paused : ContainerState.Running };
        }

        Send(new(paused ? EngineEventKind.Paused : EngineEventKind.Unpaused, container.Id, container.Labels, clock.GetUtcNow()));
    }

    public Task Remove(string id, CancellationToken cancel) => Do("remove", this[id]?.Name ?? id, () => containers.Remove(id), cancel);

    public Task Rename(string id, string name, CancellationToken cancel) => Do("rename", $"{this[id]?.Name ?? id} {name}", () =>
    {
        if (this[name] is not null)
            throw new EngineException(EngineFault.NameTaken, $"The container name \"/{name}\" is already in use by container");
        containers[id] = containers[id] with { Name = name };
        return true;
    }, cancel);

    public Task<(int ExitCode, string Output)> Exec(string id, ValueList<string> command, CancellationToken cancel) =>
        Do("exec", this[id]?.Name ?? id, () => ExecAnswer, cancel);

    public Task<string?> Incarnation(CancellationToken cancel) =>
        Away ? Task.FromResult<string?>(null) : Do("process", "", () => Process?.ToString(CultureInfo.InvariantCulture), cancel);

    /// <summary>Of pulls that are under way, by image: whom to tell how they get on.</summary>
    public ConcurrentDictionary<string, IProgress<PullStep>> Pulling { get; } = new();

    public Task Pull(string image, PullLogin? login, IProgress<PullStep> course, CancellationToken cancel) =>
        Do("pull", image, HeldPull(image, course), () =>
    {
        Logins.Enqueue(login);
        return PullProblem is { } problem ? throw new EngineException(EngineFault.Refused, problem) : ImagesHere.Add(image);
    }, cancel);

    public Task<ImageSeen?> FindImage(string image, CancellationToken cancel) => Do("image", "", () => ImageBehind(image), cancel);

    public Task<string> DigestInRegistry(string image, PullLogin? login, CancellationToken cancel) => Do("registry", "", () =>
    {
        Logins.Enqueue(login);
        return Registry.GetValueOrDefault(image) ?? throw new EngineException(EngineFault.Refused, "manifest unknown");
    }, cancel);

    public Task<ValueList<string>> Images(int limit, CancellationToken cancel) =>
        Do("images", "", () => ImagesHere.Order().Take(limit).ToValueList(), cancel);

    Task<LastWords> IContainerEngine.LastWords(string id, CancellationToken cancel) =>
        Do("log", "", () => new LastWords(LastWords, LastWords is { } words ? [words] : []), cancel);

    public Task<IAsyncEnumerable<EngineEvent>> Watch(ValueMap labels, CancellationToken cancel) => Do("watch", "", () =>
    {
        var events = Channel.CreateUnbounded<EngineEvent>();
        watchers.Add((labels, events));
        return Events(events.Reader, cancel);
    }, cancel);

    /// <summary>An image of memory has a digest when its reference says so, and an id made of its name.</summary>
    private ImageSeen? ImageBehind(string image) => Meanings.GetValueOrDefault(image)
        ?? Meanings.Values.FirstOrDefault(it => it.Id == image)
        ?? (ImagesHere.Contains(image) ? new ImageSeen(ImageReference.Parse(image).Digest, $"sha256:{image}") : null)
        ?? (ImagesHere.FirstOrDefault(it => $"sha256:{it}" == image) is { } named ? new ImageSeen(null, $"sha256:{named}") : null);

    private static async IAsyncEnumerable<EngineEvent> Events(
        ChannelReader<EngineEvent> events, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Not ReadAllAsync, which goes on wherever it likes.
        while (await events.WaitToReadAsync(cancel))
        {
            while (events.TryRead(out var happened)) yield return happened;
        }
    }

    private void Send(EngineEvent happened)
    {
        lock (gate)
        {
            foreach (var (labels, events) in watchers.Where(
                w => w.Labels.All(l => happened.Labels[l.Key] == l.Value))) events.Writer.TryWrite(happened);
        }
    }

    /// <summary>Pulls of one image may be held, or all.</summary>
    private string HeldPull(string image, IProgress<PullStep> course)
    {
        Pulling[image] = course;
        return held.ContainsKey($"pull {image}") ? $"pull {image}" : "pull";
    }

    private Task<T> Do<T>(string call, string on, Func<T> act, CancellationToken cancel) => Do(call, on, call, act, cancel);

    private async Task<T> Do<T>(string call, string on, string hold, Func<T> act, CancellationToken cancel)
    {
        Asked?.Invoke($"{call} {on}".Trim());
        await Task.Yield();
        if (on.Length > 0) Done.Enqueue($"{call} {on}");
        lock (gate) MostInside = Math.Max(MostInside, call is "start" or "remove" ? ++inside : inside);
        try
        {
            if (!held.TryGetValue(hold, out var answer)) return Act();
            if (!GoesOnAlone) await answer.Task.WaitAsync(cancel);
            var done = ActWhenReleased(answer.Task);
            Alone = done;
            return await done.WaitAsync(cancel);
        }
        finally
        {
            if (call is "start" or "remove") lock (gate) inside--;
        }

        T Act()
        {
            if (Away) throw new EngineException(EngineFault.Away, "the engine cannot be reached: connection refused");
            lock (gate) return act();
        }

        async Task<T> ActWhenReleased(Task released)
        {
            await released;
            return Act();
        }
    }

    private string NewId() => (++ids).ToString("x64", CultureInfo.InvariantCulture);

    /// <summary>Which container of this engine it is, counted from 1 in the order of creation.</summary>
    private static int Number(string id) => int.Parse(id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
