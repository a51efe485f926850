using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ServiceDefaults.Concurrency;
using Orchestrator.ServiceDefaults.Telemetry;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Settings;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>The steps of an instance's life, one at a time: pull, create and start; stop; remove.</summary>
internal sealed partial class InstanceSteps(
    InstanceBook book, IContainerEngine engine, ImagePulls pulls, ContentDelivery contents, EngineCondition condition, EngineGates gates,
    IDepartures departures, Guarded guarded, KeptContainers kept,
    WorkerAgentOptions options, WorkerMetrics metrics, TimeProvider clock, ILogger<InstanceSteps> log)
{
    /// <summary>A fixed port of an instance that has just ended is free only when the engine has taken its network down.</summary>
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(3);

    /// <summary>So long a container stays paused before it is let go on.</summary>
    private static readonly TimeSpan PausePatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PortPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// A container that does not end for so long makes room for the next to be stopped; it is its own slowness, not the engine's.
    /// </summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Takes the next step of the instance; true when there is none. Throws <see cref="EngineException"/> when the step must be tried
    /// again.
    /// </summary>
    /// <param name="interrupted">A new wish has come: ends a start and any waiting, but no stop or removal that is under way.</param>
    public Task<bool> Next(Instance instance, CancellationToken interrupted, CancellationToken cancel) => instance switch
    {
        { Phase: Phase.Exited, LastWordsSought: false, HasLastWords: true } => SeekLastWords(instance, cancel),
        { Intent: Intent.Forget } => Forget(instance, cancel),
        { Phase: Phase.Exited } => Task.FromResult(true),
        { Intent: Intent.Stop } => Stop(instance, interrupted, cancel),
        { Phase: Phase.Placed or Phase.Starting } => Start(instance, interrupted),
        { Phase: Phase.Paused } => LetGoOn(instance, interrupted),
        _ => Task.FromResult(true),
    };

    private async Task<bool> Start(Instance instance, CancellationToken cancel)
    {
        var name = instance.Name.ToString();
        using var span = OrchestratorTelemetry.Spans.StartActivity("start container");
        span?.SetTag("orchestrator.instance", name).SetTag("orchestrator.image", instance.Spec?.Image);
        try
        {
            var began = clock.GetTimestamp();
            await gates.Starts.Inside(() => CreateAndStart(instance, cancel), cancel);
            condition.Worked();
            if (book.Find(name) is { Phase: Phase.Running, Observed: var seen })
            {
                var ports = string.Join(", ", seen.Ports.Select(p => $"{p.Address}:{p.Host}→{p.Container}"));
                var took = clock.GetElapsedTime(began);
                metrics.ContainerStarted(took);
                LogRunning(name, seen.ContainerId?[..12], took.TotalMilliseconds, ports);
            }
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoImage && instance.Spec is { } spec)
        {
            if (spec.PullPolicy == PullPolicy.Never || IsId(instance.Image))
                Fail(name, $"cannot start {spec.Image}: {e.Message}", EndCause.Image);
            else await Pull(instance, instance.Image ?? spec.Image, cancel);
        }
        catch (EngineException e) when (e.Fault is not (EngineFault.Away or EngineFault.Silent))
        {
            var isWorkers = e.Fault is EngineFault.NoSpace or EngineFault.PortTaken or EngineFault.Broken;
            Fail(name, $"cannot start {instance.Spec?.Image}: {e.Message}", isWorkers ? EndCause.Worker : EndCause.Program);
        }

        return false;
    }

    private async Task<bool> CreateAndStart(Instance instance, CancellationToken cancel)
    {
        var name = instance.Name.ToString();
        if (instance.Observed.ContainerId is not { } id)
        {
            var created = await Create(instance, instance.Spec!, cancel);
            if (book.Change(name, i => i.See(created)) is not { Phase: Phase.Placed or Phase.Starting }) return true;
            id = created.Id;
        }

        if (book.Change(name, i => i.Prepared()) is not { Phase: Phase.Starting }) return true;

        if (instance.Footprint.OnLeaseLost == LeaseLoss.Stop) Guard(name, id);
        await StartWhenPortsAreFree(id, instance.Footprint.HostPorts.Count > 0, cancel);
        if (await engine.Find(id, cancel) is { } seen) book.Change(name, i => Unlike(i, seen) is { } unlike
            ? i.Ended(null, clock.GetUtcNow(), unlike) : i.See(seen));
        else Fail(name, "its container was removed while it started", EndCause.Person);
        return true;
    }

    /// <summary>What may run once only is in the hands of the guard before it begins to run.</summary>
    private void Guard(string name, string id)
    {
        try
        {
            guarded.Watch(id, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(EngineFault.Away, $"it is not started, for it could not be guarded: {e.Message}", e);
        }

        if (!guarded.Holds) throw new EngineException(EngineFault.Away, "it is not started, for the lease has just run out");
    }

    /// <summary>Creates the container, or finds the one that was created when nobody heard the answer.</summary>
    private async Task<Container> Create(Instance instance, ContainerSpec spec, CancellationToken cancel)
    {
        var (image, runs) = await Choose(instance, spec, cancel);
        var labels = ContainerLabels.Of(
            options.Cluster, options.Name, book.Change(instance.Name.ToString(), i => i.Begins(runs)) ?? instance);
        var (files, env) = await contents.Prepare(instance.Name.Service, instance.Name.ToString(), spec, cancel);
        foreach (var name in Names(instance))
        {
            try
            {
                var id = await engine.Create(
                    new(name, spec, labels, options.Address) { Image = image, Files = files, Env = env }, cancel);
                return new() { Id = id, Name = name, State = ContainerState.Created };
            }
            catch (EngineException e) when (e.Fault == EngineFault.NameTaken)
            {
                var holder = await engine.Find(name, cancel);
                if (holder is null || !Is(holder, instance)) continue;
                // One of an earlier version carries none.
                var madeFrom = ContainerLabels.FingerprintIn(holder.Labels);
                if (madeFrom is null || madeFrom == instance.Observed.Fingerprint) return holder;
            }
        }

        throw new EngineException(
            EngineFault.Refused, $"the container names {string.Join(" and ", Names(instance))} are taken by containers that are not ours");
    }

    /// <summary>The image to create from, by the bytes that were ordered: an image of the same name may have come since.</summary>
    private async Task<(string Image, ImageSeen Runs)> Choose(Instance instance, ContainerSpec spec, CancellationToken cancel)
    {
        if (instance.Image is { } id && IsId(id))
        {
            // The name is what people recognise, as long as it is the same.
            var named = await engine.FindImage(spec.Image, cancel);
            if (named?.Id == id) return (spec.Image, named);
            if (await engine.FindImage(id, cancel) is { } kept) return (id, kept);
            var now = named is null ? "nothing is behind that name here now" : $"it is {ImageReference.Brief(named.Id!)} here now";
            throw new EngineException(EngineFault.NoImage,
                $"revision {instance.Name.Revision} runs {ImageReference.Brief(id)} on this worker, which is gone, and no registry has it; "
                + $"{now}: restart with pull=true makes a revision of what is there");
        }

        if (spec.PullPolicy == PullPolicy.Always && !instance.Pulled)
            throw new EngineException(EngineFault.NoImage, $"{spec.Image} is pulled at every start");
        var wanted = instance.Image ?? spec.Image;
        return await engine.FindImage(wanted, cancel) is { } here ? (wanted, here)
            : throw new EngineException(EngineFault.NoImage, spec.PullPolicy == PullPolicy.Never
                ? $"{wanted} is not on this worker, and pullPolicy is never" : $"{wanted} is not on this worker");
    }

    /// <summary>An id says which bytes, and no registry where they are.</summary>
    private static bool IsId(string? image) => image?.StartsWith("sha256:", StringComparison.Ordinal) == true;

    /// <summary>
    /// Why a container is not what was to run; none when it is. A name may get another image while a container is created.
    /// </summary>
    private static string? Unlike(Instance instance, Container seen) =>
        instance.Runs?.Id is { } id && seen.ImageId.Length > 0 && seen.ImageId != id
            ? $"its image became {ImageReference.Brief(seen.ImageId)} while it was created, and {ImageReference.Brief(id)} was to run"
            : null;

    private async Task StartWhenPortsAreFree(string id, bool fixedPorts, CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await engine.Start(id, cancel);
                return;
            }
            catch (EngineException e) when (e.Fault == EngineFault.PortTaken && fixedPorts && clock.GetElapsedTime(began) < PortPatience)
            {
                await Task.Delay(PortPause, clock, cancel);
            }
        }
    }

    private async Task Pull(Instance instance, string image, CancellationToken cancel)
    {
        var name = instance.Name.ToString();
        using var span = OrchestratorTelemetry.Spans.StartActivity("pull image");
        span?.SetTag("orchestrator.image", image);
        book.Change(name, i => i.Say($"pulling {image}"));
        try
        {
            LogPulling(image, name);
            await pulls.Pull(
                instance.Name.Service, image, words => book.Change(name, i => i.Say($"pulling {image}: {words}")), cancel);
            book.Change(name, i => i.Say(null) with { Pulled = true });
        }
        catch (EngineException e) when (e.Fault != EngineFault.Away)
        {
            Fail(name, $"cannot pull {image}: {e.Message}", e.Fault == EngineFault.NoSpace ? EndCause.Worker : EndCause.Image);
        }
    }

    private async Task<bool> Stop(Instance instance, CancellationToken interrupted, CancellationToken cancel)
    {
        var name = instance.Name.ToString();
        if (await ContainerOf(instance, cancel) is not { } container)
        {
            book.Change(name, i => i.Ended(
                null, clock.GetUtcNow(), i.Phase < Phase.Running ? $"stopped before it ran: {i.StopReason}" : "its container is gone"));
            return false;
        }

        string? late = null;
        if (container.State is ContainerState.Running or ContainerState.Paused)
        {
            var serving = clock.GetElapsedTime(clock.GetTimestamp(), instance.ServeUntil);
            if (instance.Phase != Phase.Stopping)
            {
                book.Change(name, i => i.See(container).Stopping());
                LogStopping(name, instance.StopReason);
                await departures.Leave(instance, cancel);
            }

            // Out of rotation only now, it serves those who have not noticed yet.
            if (serving > TimeSpan.Zero) await Task.Delay(serving, clock, interrupted);
            var asked = clock.GetTimestamp();
            await StopOrGiveWay(name, container.Id, instance.StopGrace, cancel);
            condition.Worked();
            if (await engine.Find(container.Id, cancel) is { } after) container = after;
            late = SlowStop.Words(instance, container, clock.GetElapsedTime(asked));
        }

        if (container.State is ContainerState.Running or ContainerState.Paused)
            throw new EngineException(EngineFault.Refused, "it still runs after it was stopped");
        // The engine may go on with a start that was interrupted here: only a container that is gone can never run.
        if (container.State == ContainerState.Created) await Remove(container, cancel);
        book.Change(name, i => container.State == ContainerState.Created
            ? i.Ended(null, clock.GetUtcNow(), $"stopped before it ran: {i.StopReason}")
            : i.See(container));
        if (late is null) return false;
        LogSlowStop(name, late);
        book.Change(name, i => i.EndedLate(late));
        return false;
    }

    /// <summary>
    /// Who pauses a container may have a reason for a moment. After that it goes on, once; who pauses it again gets a new one.
    /// </summary>
    private async Task<bool> LetGoOn(Instance instance, CancellationToken interrupted)
    {
        var name = instance.Name.ToString();
        await Task.Delay(PausePatience, clock, interrupted);
        if (book.Find(name) is not { Phase: Phase.Paused, Observed.ContainerId: { } id } paused) return false;
        if (paused.LetGoOn)
        {
            LogPausedAgain(name);
            book.Change(name, i => i.Stop(
                "somebody has paused its container again", i.Footprint.StopGrace, cause: EndCause.Person));
            return false;
        }

        LogPaused(name);
        await engine.Unpause(id, interrupted);
        book.Change(name, i => i.Unpaused() with { LetGoOn = true });
        return false;
    }

    private async Task StopOrGiveWay(string name, string id, TimeSpan grace, CancellationToken cancel)
    {
        var stopping = Task.CompletedTask;
        await gates.Endings.Inside(async () =>
        {
            stopping = engine.Stop(id, grace, cancel);
            await stopping.WaitAsync(StopPatience, clock, CancellationToken.None).Quietly();
        }, cancel);
        if (!stopping.IsCompleted) book.Change(name, i => i.Say($"{i.StopReason}; {SlowStop.Waiting(i, grace)}"));
        await stopping;
    }

    private async Task<bool> Forget(Instance instance, CancellationToken cancel)
    {
        if (await ContainerOf(instance, cancel) is { } container)
        {
            if (instance.Withdrawn) await Remove(container, cancel);
            else await kept.Keep(instance.Name, container, cancel);
            condition.Worked();
        }

        if (instance.Withdrawn) await kept.LetGoOf(instance.Name.Service, cancel);
        book.Remove(instance.Name.ToString());
        return true;
    }

    private async Task Remove(Container container, CancellationToken cancel)
    {
        await gates.Endings.Inside(() => engine.Remove(container.Id, cancel), cancel);
        condition.Worked();
    }

    private async Task<bool> SeekLastWords(Instance instance, CancellationToken cancel)
    {
        var words = new LastWords(null, []);
        try
        {
            words = await engine.LastWords(instance.Observed.ContainerId!, cancel);
        }
        catch (EngineException)
        {
            // A log that cannot be read (another log driver, a container already removed) only costs the words.
        }

        book.Change(instance.Name.ToString(), i => i.SaidLast(words));
        return false;
    }

    private async Task<Container?> ContainerOf(Instance instance, CancellationToken cancel)
    {
        if (instance.Observed.ContainerId is { } id) return await engine.Find(id, cancel);
        foreach (var name in Names(instance))
        {
            if (await engine.Find(name, cancel) is { } container && Is(container, instance)) return container;
        }

        return null;
    }

    /// <summary>
    /// The plain name; and one to fall back to when a container that is not ours has it, e.g. one of another cluster on this engine.
    /// </summary>
    private string[] Names(Instance instance) => [instance.Name.ToString(), $"{instance.Name}.{options.Cluster}.{options.Name}"];

    private bool Is(Container container, Instance instance) =>
        container.Labels[ContainerLabels.Cluster] == options.Cluster
        && container.Labels[ContainerLabels.Worker] == options.Name
        && container.Labels[ContainerLabels.Instance] == instance.Name.ToString();

    private void Fail(string name, string message, EndCause cause)
    {
        LogFailed(name, message);
        metrics.ContainerNotStarted();
        book.Change(name, i => i.Ended(null, clock.GetUtcNow(), message, new(cause, message)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} runs as {Container} after {Milliseconds:0} ms: {Ports}")]
    private partial void LogRunning(string instance, string? container, double milliseconds, string ports);

    [LoggerMessage(Level = LogLevel.Information, Message = "Pulling {Image} for {Instance}")]
    private partial void LogPulling(string image, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} was paused by somebody and goes on")]
    private partial void LogPaused(string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} was paused by somebody again and ends, to be replaced")]
    private partial void LogPausedAgain(string instance);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping {Instance}: {Reason}")]
    private partial void LogStopping(string instance, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} {Why}")]
    private partial void LogSlowStop(string instance, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Instance} {Message}")]
    private partial void LogFailed(string instance, string message);
}
