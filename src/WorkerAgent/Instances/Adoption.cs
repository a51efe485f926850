using System.Collections.Concurrent;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Guard;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Instances;

/// <summary>
/// Brings the book and the engine together after a start or a gap in the events: our containers are recognised by their labels, none is
/// restarted.
/// </summary>
internal sealed partial class Adoption(
    IContainerEngine engine, InstanceBook book, InstanceKeeper keeper, Restarts restarts, EndNotes notes, Guarded guarded,
    ContentFiles files, KeptContainers kept, WorkerAgentOptions options, TimeProvider clock, ILogger<Adoption> log)
{
    private const int AtOnce = 8;

    public static readonly Outside Removed = new(EndCause.Person, "its container was removed by somebody else");

    /// <param name="unseen">Whether the engine's events were missed since the last look.</param>
    public async Task LookAtAll(bool unseen, CancellationToken cancel)
    {
        // What the book held before the list was made must be in the list; what came later need not.
        var before = book.All();
        var all = await engine.List(ContainerLabels.Of(options.Cluster, options.Name), cancel);
        var listed = all.Where(it => !KeptContainers.IsKept(it)).ToValueList();
        var others = await restarts.WhatEnded(before, listed, unseen, cancel);
        var waiting = new ConcurrentQueue<Container>(listed);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => LookAtOneAfterTheOther(waiting, others, cancel)));

        var present = listed.Select(c => c.Id).ToHashSet();
        var gone = before.Where(i => i.Phase is Phase.Running or Phase.Paused or Phase.Stopping
            && !present.Contains(i.Observed.ContainerId!));
        foreach (var instance in gone) book.Change(instance.Name.ToString(), i => i.Ended(null, clock.GetUtcNow(), null, Removed));
        restarts.Remember();
        files.KeepOnly(() => book.All().Where(i => i.Live).Select(i => i.Name.ToString()));
        guarded.KeepOnly(() => book.All().Where(i => i.Live && i.Footprint.OnLeaseLost == LeaseLoss.Stop)
            .Select(i => i.Observed.ContainerId).OfType<string>());
        await kept.Tidy(all, cancel);
    }

    private async Task LookAtOneAfterTheOther(ConcurrentQueue<Container> waiting, Outside? others, CancellationToken cancel)
    {
        try
        {
            while (waiting.TryDequeue(out var listed)) await LookAt(listed, others, cancel);
        }
        catch
        {
            // All will be looked at again; an engine that does not answer is not asked once for each.
            waiting.Clear();
            throw;
        }
    }

    private async Task LookAt(Container listed, Outside? others, CancellationToken cancel)
    {
        if (ContainerLabels.NameIn(listed.Labels)?.ToString() is not { } name) return;
        var known = book.Find(name);
        // One that is just being started is in the hands of the keeper; one that has ended has nothing more to tell.
        if (known is { Phase: Phase.Placed or Phase.Starting or Phase.Exited }) return;
        if (await engine.Find(listed.Id, cancel) is not { } seen) return;

        if (seen.State == ContainerState.Exited) others = notes.Find(name) ?? others;
        if (known is not null) book.Change(name, i => i.See(seen, others));
        else if (Found(seen, others) is { } found && book.Add(Guard(NotTooLate(found)))) LogAdopted(name, found.Phase);
        keeper.Wake(name);
    }

    /// <summary>An instance whose container was found on the engine; none when the container's labels name no instance.</summary>
    private static Instance? Found(Container container, Outside? others) =>
        ContainerLabels.NameIn(container.Labels) is not { } name ? null : new Instance
        {
            Name = name,
            Epoch = ContainerLabels.EpochIn(container.Labels),
            Footprint = ContainerLabels.FootprintIn(container.Labels),
            Intent = Waits(container) ? Intent.Prepare : Intent.Run,
            Replaces = ContainerLabels.ReplacesIn(container.Labels),
            Observed = new()
            {
                Instance = name.ToString(),
                Phase = Waits(container) ? Phase.Prepared : Phase.Starting,
                Image = ContainerLabels.ImageIn(container.Labels),
                Fingerprint = ContainerLabels.FingerprintIn(container.Labels),
            },
        }.See(container, others).TakenForWell();

    /// <summary>It was only made ready; should it have been told to start, it is told again.</summary>
    private static bool Waits(Container container) =>
        container.State == ContainerState.Created && ContainerLabels.ReplacesIn(container.Labels) is not "";

    /// <summary>
    /// A container that was created and never started is started now, unless another worker may have its successor by now.
    /// </summary>
    private Instance NotTooLate(Instance found) => found is { Phase: Phase.Starting, Footprint.OnLeaseLost: LeaseLoss.Stop }
        ? found.Ended(null, clock.GetUtcNow(), null, new(EndCause.Lease, "its worker restarted before it was started"))
        : found;

    /// <summary>
    /// What may run once only and is found running is guarded from now on; unless it was to end before this agent began: then its
    /// successor may run, and it ends at once.
    /// </summary>
    private Instance Guard(Instance found)
    {
        if (found is not { Phase: Phase.Running or Phase.Paused, Footprint.OnLeaseLost: LeaseLoss.Stop, Observed.ContainerId: { } id })
            return found;
        if (guarded.HasLapsed(id))
            return found.Stop("its lease ran out while its worker was away", TimeSpan.Zero, cause: EndCause.Lease);
        try
        {
            guarded.Watch(id, found.Name.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnguarded(found.Name.ToString(), e.Message);
        }

        return found;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Instance} runs without a guard: {Why}")]
    private partial void LogUnguarded(string instance, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Found {Instance} ({Phase})")]
    private partial void LogAdopted(string instance, Phase phase);
}
