using Orchestrator.Contracts.Values;
using Orchestrator.WorkerAgent.Docker;

namespace Orchestrator.Simulation.Tests;

/// <summary>Nobody knows the disk of a simulated engine.</summary>
internal sealed class UnknownStorage : IEngineStorage
{
    public Task<string?> Folder(CancellationToken cancel) => Task.FromResult<string?>(null);

    public Task<ValueList<string>> ImagesOfContainers(CancellationToken cancel) => throw new NotSupportedException();

    public Task RemoveImage(string reference, CancellationToken cancel) => throw new NotSupportedException();

    public Task<ValueList<StoredVolume>> Volumes(CancellationToken cancel) => throw new NotSupportedException();

    public Task RemoveVolume(string name, CancellationToken cancel) => throw new NotSupportedException();
}
