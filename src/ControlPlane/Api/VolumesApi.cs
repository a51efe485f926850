using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Volumes with a name: which there are, whose they are, and their removal, which only a person asks for.</summary>
internal static class VolumesApi
{
    private const int AskedAtATime = 16;

    public static IEndpointRouteBuilder MapVolumes(this IEndpointRouteBuilder routes)
    {
        var volumes = routes.MapGroup("/volumes").WithTags("Volumes");
        volumes.MapGet("", List).AlsoHead().As(new("ListVolumes", "The volumes with a name on all workers, or on one, and whose they are")
        {
            Answers = [new(StatusCodes.Status200OK, typeof(VolumeList), "All that the workers tell.")],
            Problems = [StatusCodes.Status404NotFound],
        });
        volumes.MapDelete("/{name}", Remove).As(new("DeleteVolume", "Remove a volume from a worker, with all that is in it")
        {
            Answers =
            [
                new(StatusCodes.Status204NoContent, null, "It is gone."),
                new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would be removed.", "dryRun"),
            ],
            Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        });
        return routes;
    }

    private static async Task<IResult> List(
        ActorCalls actors, IVolumeTransport workers, CancellationToken cancel, string? worker = null)
    {
        var there = await Workers(actors, cancel);
        if (worker is not null && there.All(it => it.Name != worker)) return NoWorker(worker);
        var held = (await Held(actors, cancel)).ToLookup(it => (it.Volume.Name, it.Volume.Worker));
        List<VolumeView> found = [];
        List<string> unheard = [];
        foreach (var (name, answer) in await Ask(there.Where(it => worker is null || it.Name == worker), workers, cancel))
        {
            if (answer.Problem is { } problem) unheard.Add($"{name}: {problem}");
            found.AddRange(answer.Volumes.Select(it => View(it, name, held[(it.Name, name)])));
        }

        return TypedResults.Ok(new VolumeList(
            found.OrderBy(it => it.Name, StringComparer.Ordinal).ThenBy(it => it.Worker, StringComparer.Ordinal).ToValueList(),
            unheard.Order(StringComparer.Ordinal).ToValueList()));
    }

    private static async Task<IResult> Remove(
        string name, ActorCalls actors, IVolumeTransport workers, CancellationToken cancel, string? worker = null, bool dryRun = false)
    {
        if (string.IsNullOrEmpty(worker))
            return Problems.Invalid([new FieldProblem("worker", "is required: the worker on which the volume is")]);
        if ((await Workers(actors, cancel)).All(it => it.Name != worker)) return NoWorker(worker);
        var answer = await workers.Volumes(worker, cancel);
        if (answer.Problem is { } problem)
            return Problems.Of(StatusCodes.Status409Conflict, $"{worker} cannot tell its volumes: {problem}");
        if (answer.Volumes.FirstOrDefault(it => it.Name == name) is not { } volume)
            return Problems.Of(StatusCodes.Status404NotFound, $"{worker} has no volume '{name}'");
        if (volume.Containers is { Count: > 0 } users) return InUse(name, worker, $"{string.Join(", ", users)} {Has(users.Count)} it");
        var holders = (await Held(actors, cancel)).Where(it => it.Volume.Name == name && it.Volume.Worker == worker).ToList();
        if (holders.FirstOrDefault() is { Service: { } service } first)
            return InUse(name, worker, $"slot {first.Volume.Slot} of {service} would take it again; "
                + $"POST /services/{service}/release-volume lets go of it");
        if (dryRun)
            return TypedResults.Ok(
                new PlanView([new("remove-volume", name, worker, "no container has it, and no slot would take it")], []));
        return (await workers.Remove(worker, new(name), cancel)).Problem is { } why ? InUse(name, worker, why) : TypedResults.NoContent();
    }

    private static string Has(int count) => count == 1 ? "has" : "have";

    private static ProblemHttpResult InUse(string name, string worker, string why) =>
        Problems.Of(StatusCodes.Status409Conflict, $"volume '{name}' of {worker} stays: {why}");

    private static ProblemHttpResult NoWorker(string name) => Problems.Of(StatusCodes.Status404NotFound, $"no worker is named '{name}'");

    private static VolumeView View(WorkerVolume volume, string worker, IEnumerable<(string Service, HeldVolume Volume)> held) => new()
    {
        Name = volume.Name, Worker = worker, Driver = volume.Driver, CreatedAt = volume.CreatedAt, Size = volume.Size,
        InUse = volume.Containers.Count > 0, Containers = volume.Containers,
        Holders = held.GroupBy(it => it.Service, it => it.Volume.Slot)
            .Select(it => new VolumeHolder(it.Key, it.Order().ToValueList()))
            .OrderBy(it => it.Service, StringComparer.Ordinal).ToValueList(),
    };

    private static async Task<List<Member>> Workers(ActorCalls actors, CancellationToken cancel) =>
        [.. (await actors.Registry(registry => registry.Members(), cancel)).Members.Where(it => it.Role == MemberRole.Worker)];

    /// <summary>A worker that gives no answer does not hide the others' volumes.</summary>
    private static async Task<(string Worker, WorkerVolumes Answer)[]> Ask(
        IEnumerable<Member> there, IVolumeTransport workers, CancellationToken cancel) => await Task.WhenAll(there.Select(async it =>
    {
        if (it.Status == WorkerHealth.Lost) return (it.Name, new WorkerVolumes([], "it is lost"));
        try
        {
            return (it.Name, await workers.Volumes(it.Name, cancel));
        }
        catch (NoAnswerException e)
        {
            return (it.Name, new WorkerVolumes([], e.Message));
        }
    }));

    /// <summary>What the records of all services hold: only they know of slots that are away.</summary>
    private static async Task<List<(string Service, HeldVolume Volume)>> Held(ActorCalls actors, CancellationToken cancel)
    {
        var services = await actors.Names(cancel);
        var held = new ValueList<HeldVolume>[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime,
            async (at, stop) => held[at] = await actors.Service(services[at], master => master.HeldVolumes(), stop));
        return [.. services.Zip(held).SelectMany(it => it.Second.Select(volume => (it.First, volume)))];
    }
}
