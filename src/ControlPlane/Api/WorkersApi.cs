using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Draining a worker, and waiting until it is empty.</summary>
internal static class WorkersApi
{
    private const int LongestWaitSeconds = 600;
    private const int AskedAtATime = 16;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public static IEndpointRouteBuilder MapWorkers(this IEndpointRouteBuilder routes)
    {
        var worker = routes.MapGroup("/workers/{name}").WithTags("Workers");
        worker.MapPost("/drain", Drain).As(new("DrainWorker", "Nothing new on this worker, and what is there is moved, start first")
        {
            Answers =
            [
                new(StatusCodes.Status204NoContent, null, "It drains."),
                new(StatusCodes.Status200OK, typeof(DrainAnswer), "It is empty.", "wait", "timeoutSeconds"),
                new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: the moves.", "dryRun"),
            ],
            Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
        });
        worker.MapPost("/undrain", Undrain).As(new("UndrainWorker", "The worker takes instances again")
        {
            Answers =
            [
                new(StatusCodes.Status204NoContent, null, "Done."),
                new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would change.", "dryRun"),
            ],
            Problems = [StatusCodes.Status404NotFound],
        });
        return routes;
    }

    private static async Task<IResult> Drain(
        string name, ActorCalls actors, TimeProvider clock, CancellationToken cancel, bool dryRun = false, bool wait = false,
        [Range(1, LongestWaitSeconds)] int timeoutSeconds = 60)
    {
        if (dryRun) return await Plan(name, actors, cancel);
        if (!await actors.Registry(registry => registry.SetDraining(new DrainWish(name, true)), cancel)) return Unknown(name);
        if (!wait) return TypedResults.NoContent();

        var until = clock.GetUtcNow() + TimeSpan.FromSeconds(timeoutSeconds);
        while (true)
        {
            var holds = await WhatHolds(name, actors, cancel);
            if (holds.Count == 0) return TypedResults.Ok(new DrainAnswer(name, Empty: true, []));
            if (clock.GetUtcNow() >= until) return StillHeld(name, holds);
            await Task.Delay(Beat, clock, cancel);
        }
    }

    /// <summary>
    /// The steps of every service that has instances there, one service after the other; what one would take, the next cannot have.
    /// </summary>
    private static async Task<IResult> Plan(string name, ActorCalls actors, CancellationToken cancel)
    {
        if (await Find(name, actors, cancel) is null) return Unknown(name);
        var services = await actors.Names(cancel);
        var held = await Held(name, services, actors, cancel);
        List<PlanStepView> steps = [];
        List<string> waiting = [];
        List<TakenRoom> taken = [];
        foreach (var (service, _) in services.Zip(held).Where(it => it.Second.Count > 0))
        {
            if (await actors.Service(
                service, master => master.PlanDrain(new DrainQuestion(name, taken.ToValueList())), cancel) is not { } answer) continue;
            steps.AddRange(answer.Plan.Steps);
            waiting.AddRange(answer.Plan.Waiting);
            taken.AddRange(answer.Taken);
        }

        return TypedResults.Ok(new PlanView(steps.ToValueList(), waiting.ToValueList()));
    }

    private static async Task<IResult> Undrain(string name, ActorCalls actors, CancellationToken cancel, bool dryRun = false)
    {
        if (dryRun)
        {
            return await Find(name, actors, cancel) is not { } worker ? Unknown(name)
                : TypedResults.Ok(worker.Draining
                    ? new PlanView([new("undrain", "", name, "it drains, and would take instances again")], [])
                    : new PlanView([], [$"{name} does not drain: there is nothing to undo"]));
        }

        return await actors.Registry(registry => registry.SetDraining(new DrainWish(name, false)), cancel) ? TypedResults.NoContent()
            : Unknown(name);
    }

    private static ProblemHttpResult StillHeld(string name, ValueList<string> holds) => TypedResults.Problem(
        $"'{name}' is draining and not empty yet: {string.Join("; ", holds)}",
        statusCode: StatusCodes.Status409Conflict,
        extensions: new Dictionary<string, object?> { ["worker"] = name, ["empty"] = false, ["holds"] = holds });

    private static async Task<Member?> Find(string name, ActorCalls actors, CancellationToken cancel) =>
        (await actors.Registry(registry => registry.Members(), cancel)).Members.FirstOrDefault(
            member => member.Name == name && member.Role == MemberRole.Worker);

    /// <summary>
    /// Empty is a worker of which no record holds anything, and which has reported that nothing runs. Its report alone does not know what
    /// is on its way to it; all records are asked when it could be empty, for any service may just have been created.
    /// </summary>
    private static async Task<ValueList<string>> WhatHolds(string name, ActorCalls actors, CancellationToken cancel)
    {
        var worker = await Find(name, actors, cancel);
        var services = worker is { Load.Instances: > 0 } ? worker.Services : await actors.Names(cancel);
        var all = (await Held(name, services, actors, cancel)).SelectMany(it => it).ToValueList();
        if (all.Count > 0 || worker is null or { Load.Instances: 0 }) return all;
        return [worker.Load is { } load ? $"{name} reports {load.Instances} instances" : $"{name} has not been heard yet"];
    }

    /// <summary>What the record of each service holds on a worker.</summary>
    private static async Task<ValueList<string>[]> Held(
        string worker, ValueList<string> services, ActorCalls actors, CancellationToken cancel)
    {
        var held = new ValueList<string>[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime,
            async (at, stop) => held[at] = await actors.Service(services[at], master => master.Holding(worker), stop));
        return held;
    }

    private static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"no worker is named '{name}'");
}
