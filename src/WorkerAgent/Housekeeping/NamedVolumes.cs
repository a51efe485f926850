using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Housekeeping;

/// <summary>
/// Volumes as people see them: a container that is only kept for looking at it holds none. What goes wrong is an
/// <see cref="EngineException"/>.
/// </summary>
internal sealed class NamedVolumes(IEngineStorage storage, IContainerEngine engine)
{
    public async Task<ValueList<StoredVolume>> List(CancellationToken cancel) => (await storage.Volumes(cancel))
        .Select(it => it with { Containers = it.Containers.Where(name => !KeptContainers.IsKept(name)).ToValueList() }).ToValueList();

    /// <summary>Removes it with all that is in it, and the kept containers that have it, which the engine would not let go of it.</summary>
    public async Task Remove(string name, CancellationToken cancel)
    {
        var holders = (await storage.Volumes(cancel)).FirstOrDefault(it => it.Name == name)?.Containers ?? [];
        if (holders.All(KeptContainers.IsKept))
        {
            foreach (var kept in holders)
                if (await engine.Find(kept, cancel) is { } container) await engine.Remove(container.Id, cancel);
        }

        await storage.RemoveVolume(name, cancel);
    }
}
