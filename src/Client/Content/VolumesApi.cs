using Orchestrator.Client.Wire;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.Client.Content;

/// <summary>Volumes with a name; only a person removes one.</summary>
public sealed class VolumesApi
{
    private readonly Road road;

    internal VolumesApi(Road road) => this.road = road;

    /// <param name="worker">Only those of this worker.</param>
    public Task<VolumeList> List(string? worker = null, CancellationToken cancel = default) =>
        road.Ask<VolumeList>(Question.Get("volumes") with { Query = new() { { "worker", worker } } }, cancel);

    /// <summary>Removes a volume from a worker, with all that is in it.</summary>
    public Task Delete(string name, string worker, CancellationToken cancel = default) =>
        road.Tell(Question.Delete(Question.Below("volumes", name)) with { Query = new() { { "worker", worker } } }, cancel);

    public Task<PlanView> PlanDelete(string name, string worker, CancellationToken cancel = default) =>
        road.Ask<PlanView>(
            Question.Delete(Question.Below("volumes", name)) with
            {
                Query = new() { { "worker", worker }, { "dryRun", true } }, Changes = false,
            }, cancel);
}
