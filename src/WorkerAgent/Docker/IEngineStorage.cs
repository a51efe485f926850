using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>What we ask of an engine about what it keeps on its disk. What goes wrong is an <see cref="EngineException"/>.</summary>
internal interface IEngineStorage
{
    /// <summary>Where it keeps images, containers and volumes; null when it is on another machine.</summary>
    Task<string?> Folder(CancellationToken cancel);

    /// <summary>Ids of the images that containers have, whosever they are and whatever their state.</summary>
    Task<ValueList<string>> ImagesOfContainers(CancellationToken cancel);

    /// <summary>
    /// Takes a reference away, and with the last one the image; refused while a container has it. One that is gone is left alone.
    /// </summary>
    Task RemoveImage(string reference, CancellationToken cancel);

    /// <summary>Volumes with a name that somebody gave.</summary>
    Task<ValueList<StoredVolume>> Volumes(CancellationToken cancel);

    /// <summary>Removes a volume with all that is in it; refused while a container has it.</summary>
    Task RemoveVolume(string name, CancellationToken cancel);
}

/// <param name="Size">In bytes; none where the engine does not say.</param>
/// <param name="Containers">Names of the containers that have it, ended ones too.</param>
internal sealed record StoredVolume(string Name, string Driver, DateTimeOffset? CreatedAt, long? Size, ValueList<string> Containers);
