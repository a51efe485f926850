using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Ended containers of which the control plane wants to hear no more stay for a while, so that one can look why they have ended. Their name
/// says that they are kept, and is free for others that way; nothing else holds on to them: they are in no book, no report and no sum.
/// </summary>
internal sealed partial class KeptContainers(
    IContainerEngine engine, EngineGates gates, WorkerAgentOptions options, TimeProvider clock, ILogger<KeptContainers> log)
{
    /// <summary>No name of an instance has it, nor a name to fall back to.</summary>
    private const string Mark = ".ended";

    public static bool IsKept(Container container) => IsKept(container.Name);

    public static bool IsKept(string container) => container.EndsWith(Mark, StringComparison.Ordinal);

    /// <summary>Keeps the container, or removes it where it has nothing to tell or is one too many.</summary>
    public async Task Keep(InstanceName name, Container ended, CancellationToken cancel)
    {
        if (options.KeepEnded == 0 || ended.State != ContainerState.Exited)
        {
            await Remove(ended, cancel);
            return;
        }

        await Rename(ended, cancel);
        var slot = await engine.List(ContainerLabels.OfSlot(options.Cluster, options.Name, name), cancel);
        foreach (var surplus in Newest(slot).Skip(options.KeepEnded)) await Remove(surplus, cancel);
    }

    /// <summary>Nothing of the service is wanted any more.</summary>
    public async Task LetGoOf(string service, CancellationToken cancel)
    {
        var all = await engine.List(ContainerLabels.Of(options.Cluster, options.Name, service), cancel);
        foreach (var kept in all.Where(IsKept)) await Remove(kept, cancel);
    }

    /// <summary>
    /// Removes what has been kept for long enough, and what somebody has started again: it would run unknown to everybody.
    /// </summary>
    /// <param name="listed">Lines of the engine's list.</param>
    public async Task Tidy(IEnumerable<Container> listed, CancellationToken cancel)
    {
        try
        {
            await TidyNow(listed, cancel);
        }
        catch (EngineException e)
        {
            // There is another look soon, and nobody waits for this.
            LogUntidy(e.Message);
        }
    }

    private async Task TidyNow(IEnumerable<Container> listed, CancellationToken cancel)
    {
        var kept = listed.Where(IsKept).ToList();
        foreach (var running in kept.Where(it => it.State is ContainerState.Running or ContainerState.Paused))
        {
            LogStarted(running.Name);
            await Remove(running, cancel);
        }

        var bySlot = kept.GroupBy(it => (it.Labels[ContainerLabels.Service], it.Labels[ContainerLabels.Slot]));
        foreach (var surplus in bySlot.SelectMany(slot => Newest(slot).Skip(options.KeepEnded))) await Remove(surplus, cancel);
        var limit = clock.GetUtcNow() - options.KeepEndedFor;
        // The list does not tell when one ended; what is younger than that cannot have ended before it.
        foreach (var old in bySlot.SelectMany(slot => Newest(slot).Take(options.KeepEnded)).Where(it => it.CreatedAt is null
            || it.CreatedAt < limit))
        {
            if (await engine.Find(old.Id, cancel) is { } seen && !(seen.EndedAt > limit)) await Remove(seen, cancel);
        }
    }

    private static IEnumerable<Container> Newest(IEnumerable<Container> containers) =>
        containers.Where(IsKept).OrderByDescending(it => it.CreatedAt).ThenByDescending(it => it.Name, StringComparer.Ordinal);

    /// <summary>An instance of that name may have been kept in an earlier life of its service.</summary>
    private async Task Rename(Container ended, CancellationToken cancel)
    {
        if (IsKept(ended)) return;
        var name = ended.Name + Mark;
        try
        {
            await engine.Rename(ended.Id, name, cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NameTaken)
        {
            if (await engine.Find(name, cancel) is { } earlier && ContainerLabels.NameIn(earlier.Labels) is not null)
                await Remove(earlier, cancel);
            await engine.Rename(ended.Id, name, cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoContainer)
        {
            // Somebody else has removed it meanwhile.
        }
    }

    private Task Remove(Container container, CancellationToken cancel) =>
        gates.Endings.Inside(() => engine.Remove(container.Id, cancel), cancel);

    [LoggerMessage(Level = LogLevel.Information, Message = "What is kept too long could not be removed: {Why}")]
    private partial void LogUntidy(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Container} was only kept, somebody has started it, and it is removed")]
    private partial void LogStarted(string container);
}
