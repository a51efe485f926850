using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Machine;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>Its disk: each image that is here takes a tenth of it.</summary>
internal sealed partial class FakeEngine : IEngineStorage, IDisks
{
    private const long Total = 1_000_000_000_000;

    /// <summary>Of the disk, 0 to 1: what others have taken.</summary>
    public double TakenByOthers { get; set; }

    /// <summary>By volume the containers that have it.</summary>
    public Dictionary<string, ValueList<string>> VolumesHere { get; } = [];

    public DiskRoom? RoomAt(string folder)
    {
        lock (gate) return new(Total, (long)(Total * Math.Max(0, 1 - TakenByOthers - (ImagesHere.Count * 0.1))));
    }

    public Task<string?> Folder(CancellationToken cancel) => Do<string?>("folder", "", () => "/var/lib/docker", cancel);

    public Task<ValueList<string>> ImagesOfContainers(CancellationToken cancel) =>
        Do("list", "", () => containers.Values.Select(it => it.ImageId).Distinct().ToValueList(), cancel);

    public Task RemoveImage(string reference, CancellationToken cancel) =>
        Do("remove image", reference, () => ImagesHere.Remove(reference), cancel);

    public Task<ValueList<StoredVolume>> Volumes(CancellationToken cancel) => Do("volumes", "", () =>
        VolumesHere.Select(it => new StoredVolume(it.Key, "local", null, null, it.Value)).ToValueList(), cancel);

    public Task RemoveVolume(string name, CancellationToken cancel) => Do("remove volume", name, () =>
    {
        var isUsed = VolumesHere.GetValueOrDefault(name, []).Any(user => containers.Values.Any(it => it.Name == user));
        return isUsed ? throw new EngineException(EngineFault.Refused, "volume is in use") : VolumesHere.Remove(name);
    }, cancel);
}
