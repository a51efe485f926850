using System.Globalization;
using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>What Docker keeps on its disk.</summary>
internal sealed partial class DockerEngine : IEngineStorage
{
    /// <summary>A volume that Docker named itself has such a name.</summary>
    private const int LengthOfOwnNames = 64;

    public async Task<string?> Folder(CancellationToken cancel) => !options.EngineIsHere ? null
        : await Ask("say where it keeps things", options.EngineDeadline,
            async deadline => (await docker.System.GetSystemInfoAsync(deadline)).DockerRootDir, cancel);

    public Task<ValueList<string>> ImagesOfContainers(CancellationToken cancel) =>
        Ask("list containers", options.EngineDeadline, async deadline =>
    {
        var listed = await docker.Containers.ListContainersAsync(new() { All = true }, deadline);
        return listed.Select(it => it.ImageID).Distinct().ToValueList();
    }, cancel);

    public async Task RemoveImage(string reference, CancellationToken cancel)
    {
        try
        {
            await Ask($"remove image {reference}", options.EngineDeadline,
                deadline => docker.Images.DeleteImageAsync(reference, new() { Force = false }, deadline), cancel);
        }
        catch (EngineException e) when (e.Fault == EngineFault.NoImage)
        {
        }
    }

    public Task<ValueList<StoredVolume>> Volumes(CancellationToken cancel) =>
        Ask("list volumes", options.EngineDeadline, async deadline =>
    {
        var volumes = (await docker.Volumes.ListAsync(deadline)).Volumes ?? [];
        var containers = await docker.Containers.ListContainersAsync(new() { All = true }, deadline);
        var users = containers.SelectMany(it => it.Mounts.Select(mount => (mount.Name, Container: it.Names[0].TrimStart('/'))))
            .ToLookup(it => it.Name, it => it.Container, StringComparer.Ordinal);
        return volumes.Where(it => !IsOwnName(it.Name)).OrderBy(it => it.Name, StringComparer.Ordinal).Select(it => new StoredVolume(
            it.Name, it.Driver, DateTimeOffset.TryParse(it.CreatedAt, CultureInfo.InvariantCulture, out var at) ? at : null,
            it.UsageData?.Size is >= 0 and var size ? size : null,
            users[it.Name].Distinct().Order(StringComparer.Ordinal).ToValueList())).ToValueList();
    }, cancel);

    public Task RemoveVolume(string name, CancellationToken cancel) =>
        Ask($"remove volume {name}", options.EngineDeadline, async deadline =>
    {
        await docker.Volumes.RemoveAsync(name, force: false, deadline);
        return true;
    }, cancel);

    private static bool IsOwnName(string name) => name.Length == LengthOfOwnNames && name.All(char.IsAsciiHexDigitLower);
}
