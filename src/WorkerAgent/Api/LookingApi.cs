using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Looking;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Streams;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Looking;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>What masters ask about the inside of instances, by service invocation.</summary>
internal static class LookingApi
{
    public static void MapLooking(this IEndpointRouteBuilder app)
    {
        app.MapPost(WorkerMethods.Inspect, (InstanceQuestion question, LookingGlass glass, CancellationToken cancel) =>
            Told(async () => await glass.Inspect(question, cancel) is { } seen ? TypedResults.Json(seen, ContractsJson.Options)
                : Refuse(StatusCodes.Status404NotFound, $"nothing of {question.Instance} is here")));
        app.MapPost(WorkerMethods.Top, (InstanceQuestion question, LookingGlass glass, CancellationToken cancel) =>
            Told(async () => await glass.Processes(question, cancel) is { } table ? TypedResults.Json(table, ContractsJson.Options)
                : Refuse(StatusCodes.Status409Conflict, $"{question.Instance} does not run")));
        app.MapPost(WorkerMethods.Stats, (StatsQuestion question, LookingGlass glass, HttpContext context) => JsonLines.Write(
            context, glass.Stats(question, context.RequestAborted), ContractsJson.Options, context.RequestAborted));
    }

    public static ProblemHttpResult Refuse(int status, string why) => TypedResults.Problem(why, statusCode: status);

    private static async Task<IResult> Told(Func<Task<IResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (EngineException e)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }
}
