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
        string name, ActorCalls actors, WorkerHolds holds, TimeProvider clock, CancellationToken cancel, bool dryRun = false,
        bool wait = false, [Range(1, LongestWaitSeconds)] int timeoutSeconds = 60)
    {
        if (dryRun) return await Plan(name, actors, holds, cancel);
        if (!await actors.Registry(registry => registry.SetDraining(new DrainWish(name, true)), cancel)) return Unknown(name);
        if (!wait) return TypedResults.NoContent();

        var until = clock.GetUtcNow() + TimeSpan.FromSeconds(timeoutSeconds);
        while (true)
        {
            var held = await holds.Of(name, cancel);
            if (held.Count == 0) return TypedResults.Ok(new DrainAnswer(name, Empty: true, []));
            if (clock.GetUtcNow() >= until) return StillHeld(name, held);
            await Task.Delay(Beat, clock, cancel);
        }
    }

    /// <summary>
    /// The steps of every service that has instances there, one service after the other; what one would take, the next cannot have.
    /// </summary>
    private static async Task<IResult> Plan(string name, ActorCalls actors, WorkerHolds holds, CancellationToken cancel)
    {
        if (await holds.Find(name, cancel) is null) return Unknown(name);
        var services = await actors.Names(cancel);
        var held = await holds.Held(name, services, cancel);
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

    private static async Task<IResult> Undrain(
        string name, ActorCalls actors, WorkerHolds holds, CancellationToken cancel, bool dryRun = false)
    {
        if (dryRun)
        {
            return await holds.Find(name, cancel) is not { } worker ? Unknown(name)
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

    private static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"no worker is named '{name}'");
}
