using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Housekeeping;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>What masters ask about volumes, by service invocation. Nothing but this ever removes one.</summary>
internal static class VolumesApi
{
    public static void MapVolumes(this IEndpointRouteBuilder app)
    {
        app.MapPost(WorkerMethods.ListVolumes, List);
        app.MapPost(WorkerMethods.RemoveVolume, Remove);
    }

    private static async Task<WorkerVolumes> List(NamedVolumes volumes, CancellationToken cancel)
    {
        try
        {
            var all = await volumes.List(cancel);
            return new(all.Select(it => new WorkerVolume(
                it.Name, it.Driver, it.CreatedAt, it.Size is { } size ? new ByteSize(size) : null, it.Containers)).ToValueList());
        }
        catch (EngineException e)
        {
            return new([], e.Message);
        }
    }

    private static async Task<VolumeRemoved> Remove(VolumeRemoval removal, NamedVolumes volumes, CancellationToken cancel)
    {
        try
        {
            await volumes.Remove(removal.Name, cancel);
            return new(Problem: null);
        }
        catch (EngineException e)
        {
            return new(e.Message);
        }
    }
}
