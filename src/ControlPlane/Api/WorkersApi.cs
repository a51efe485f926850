using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Draining a worker, and waiting until it is empty.</summary>
internal static class WorkersApi
{
    private const int LongestWaitSeconds = 600;
    private const int AskedAtATime = 16;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public static IEndpointRouteBuilder MapWorkers(this IEndpointRouteBuilder routes)
    {
        var worker = routes.MapGroup("/workers/{name}");
        worker.MapPost("/drain", Drain)
            .WithSummary(
            "Nothing new on this worker, and what is there is moved, start first; wait=true answers when it is empty or says what holds it, "
            + "dryRun=true tells the moves");
        worker.MapPost("/undrain", Undrain).WithSummary("The worker takes instances again");
        return routes;
    }

    private static async Task<IResult> Drain(
        string name, ActorCalls actors, TimeProvider clock, CancellationToken cancel, bool dryRun = false, bool wait = false,
            int timeoutSeconds = 60)
    {
        if (timeoutSeconds is < 1 or > LongestWaitSeconds)
            return Problems.Invalid([new FieldProblem("timeoutSeconds", $"must be 1 to {LongestWaitSeconds}")]);
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
        if (await Find(name, actors, cancel) is not { } worker) return Unknown(name);
        List<PlanStepView> steps = [];
        List<string> waiting = [];
        List<TakenRoom> taken = [];
        foreach (var service in worker.Services)
        {
            if (await actors.Service(
                service, master => master.PlanDrain(new DrainQuestion(name, taken.ToValueList())), cancel) is not { } answer) continue;
            steps.AddRange(answer.Plan.Steps);
            waiting.AddRange(answer.Plan.Waiting);
            taken.AddRange(answer.Taken);
        }

        return TypedResults.Ok(new PlanView(steps.ToValueList(), waiting.ToValueList()));
    }

    private static async Task<IResult> Undrain(string name, ActorCalls actors, CancellationToken cancel) =>
        await actors.Registry(registry => registry.SetDraining(new DrainWish(name, false)), cancel) ? TypedResults.NoContent()
            : Unknown(name);

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
        var held = new ValueList<string>[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime,
            async (at, stop) => held[at] = await actors.Service(services[at], master => master.Holding(name), stop));
        var all = held.SelectMany(it => it).ToValueList();
        if (all.Count > 0 || worker is null or { Load.Instances: 0 }) return all;
        return [worker.Load is { } load ? $"{name} reports {load.Instances} instances" : $"{name} has not been heard yet"];
    }

    private static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"no worker is named '{name}'");
}

/// <summary>Answer to a drain that was waited for.</summary>
/// <param name="Holds">What is still there and why, a sentence for each instance; a problem says it when the time is over.</param>
internal sealed record DrainAnswer(string Worker, bool Empty, ValueList<string> Holds);
