using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What can be asked of a service besides its spec, and what it can tell of itself.</summary>
internal static class ServiceActionsApi
{
    /// <param name="Revision">A kept revision; none means the one before.</param>
    private sealed record RollBackBody(int? Revision = null);

    public static IEndpointRouteBuilder MapServiceActions(this IEndpointRouteBuilder routes)
    {
        var service = routes.MapGroup("/services/{name}");
        service.MapPost("/rollback", RollBack).WithSummary("Return to the revision before, or to a kept one");
        MapAction(service, "/restart", new RestartInstances(), "Replace all instances by new ones, as an update would");
        MapAction(service, "/pause", new PauseRollout(), "Touch no further slot of the update under way");
        MapAction(service, "/resume", new ResumeRollout(), "Go on with a paused update");
        MapAction(service, "/rebalance", new RebalanceInstances(), "Move instances, one at a time and start first, while the spread is worse than it could be");
        service.MapGet("/history", History).WithSummary("Revisions, rollouts, restarts and moves, each with time and reason, oldest first");
        return routes;
    }

    private static void MapAction(RouteGroupBuilder service, string route, ServiceChange change, string summary) =>
        service.MapPost(route, (string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false) =>
            ServiceCalls.Change(name, change, request, actors, StatusCodes.Status200OK, dryRun, cancel)).WithSummary(summary);

    private static async Task<IResult> RollBack(string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false)
    {
        int? revision = null;
        if (request.ContentLength is > 0)
        {
            var (body, problem) = await RequestBody.Object(request, cancel);
            if (problem is not null) return Problems.Invalid([problem]);
            try
            {
                revision = body.Deserialize<RollBackBody>(ContractsJson.Strict)?.Revision;
            }
            catch (JsonException)
            {
                return Problems.Invalid([new FieldProblem("revision", "the body is {\"revision\": N} with the number of a kept revision, or empty")]);
            }
        }

        return await ServiceCalls.Change(name, new RollBack(revision), request, actors, StatusCodes.Status200OK, dryRun, cancel);
    }

    private static async Task<IResult> History(string name, ActorCalls actors, CancellationToken cancel) =>
        ServiceNames.Problem(name) is { } problem ? ServiceCalls.BadName(problem)
        : await actors.Service(name, master => master.History(), cancel) is { } history ? TypedResults.Ok(history)
        : ServiceCalls.Unknown(name);
}
