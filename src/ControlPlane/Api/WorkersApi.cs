using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Draining a worker, and waiting until it is empty.</summary>
internal static class WorkersApi
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public static IEndpointRouteBuilder MapWorkers(this IEndpointRouteBuilder routes)
    {
        var worker = routes.MapGroup("/workers/{name}");
        worker.MapPost("/drain", Drain).WithSummary("Nothing new on this worker, and what is there is moved, start first; wait=true answers when it is empty or says what holds it");
        worker.MapPost("/undrain", Undrain).WithSummary("The worker takes instances again");
        return routes;
    }

    private static async Task<IResult> Drain(
        string name, ActorCalls actors, TimeProvider clock, CancellationToken cancel, bool wait = false, int timeoutSeconds = 60)
    {
        if (!await actors.Registry(registry => registry.SetDraining(new DrainWish(name, true)), cancel)) return Unknown(name);
        if (!wait) return TypedResults.NoContent();

        var patience = TimeSpan.FromSeconds(timeoutSeconds);
        var until = clock.GetUtcNow() + (patience < LongestWait ? patience : LongestWait);
        while (true)
        {
            var worker = (await actors.Registry(registry => registry.Members(), cancel)).Members.FirstOrDefault(member => member.Name == name);
            if (worker is null or { Load.Instances: 0 }) return TypedResults.Ok(new DrainAnswer(name, Empty: true, []));
            if (clock.GetUtcNow() >= until)
                return TypedResults.Json(new DrainAnswer(name, Empty: false, await WhatHolds(worker, actors, cancel)), statusCode: StatusCodes.Status409Conflict);
            await Task.Delay(Beat, clock, cancel);
        }
    }

    private static async Task<IResult> Undrain(string name, ActorCalls actors, CancellationToken cancel) =>
        await actors.Registry(registry => registry.SetDraining(new DrainWish(name, false)), cancel) ? TypedResults.NoContent() : Unknown(name);

    /// <summary>For each instance that is still there, what its service waits for.</summary>
    private static async Task<ValueList<string>> WhatHolds(Member worker, ActorCalls actors, CancellationToken cancel)
    {
        var held = new List<string>();
        foreach (var name in worker.Services)
        {
            var service = (await actors.Service(name, master => master.Get(), cancel)).Service;
            var there = service?.Instances.Where(instance => instance.Worker == worker.Name).Select(instance => instance.Name).ToList() ?? [];
            if (there.Count == 0) held.Add($"{name}: instances that its ServiceMaster does not know");
            else held.Add($"{name}: {string.Join(", ", there)}; {(service!.Waiting.Count == 0 ? "being moved" : string.Join("; ", service.Waiting))}");
        }

        return held.ToValueList();
    }

    private static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"no worker is named '{name}'");
}

/// <summary>Answer to a drain that was waited for.</summary>
/// <param name="Holds">What is still there and why, a sentence for each service.</param>
internal sealed record DrainAnswer(string Worker, bool Empty, ValueList<string> Holds);
