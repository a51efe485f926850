using System.ComponentModel.DataAnnotations;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What can be asked of a service besides its spec, and what it can tell of itself.</summary>
internal static class ServiceActionsApi
{
    public static IEndpointRouteBuilder MapServiceActions(this IEndpointRouteBuilder routes)
    {
        var service = routes.MapGroup("/services/{name}").WithTags("Services");
        service.MapPost("/rollback", RollBack).As(ServiceCalls.Described(
            "RollBackService", "Return to the revision before, or to a kept one", StatusCodes.Status200OK) with
        {
            Body = new(typeof(RollBackTo), MayBeAbsent: true),
        });
        service.MapPost("/restart", Restart).As(ServiceCalls.Described(
            "RestartService", "Replace all instances by new ones, as an update would; with pull only if there is something new to run",
            StatusCodes.Status200OK));
        MapAction(service, "/pause", new PauseRollout(), "PauseService",
            "Touch no further slot of the update under way; of a job, follow its schedule no more");
        MapAction(service, "/resume", new ResumeRollout(), "ResumeService", "Go on with a paused update, or a paused schedule");
        MapAction(service, "/run", new RunJob(), "RunJob", "Run a job again, now");
        MapAction(service, "/rebalance", new RebalanceInstances(), "RebalanceService",
            "Move instances, one at a time and start first, while the spread is worse than it could be");
        service.MapPost("/release-volume", ReleaseVolume).As(ServiceCalls.Described(
            "ReleaseVolume", "Let slots begin elsewhere, without what their volumes hold", StatusCodes.Status200OK) with
        {
            Body = new(typeof(ReleasedVolume), MayBeAbsent: true),
        });
        service.MapGet("/explain", Explain).AlsoHead().As(Told<ServiceExplanation>(
            "ExplainService", "Why each instance runs where it runs, or why it does not run yet; pages with from"));
        service.MapGet("/history", History).AlsoHead().As(Told<ServiceHistory>(
            "GetServiceHistory", "Revisions, rollouts, restarts and moves, each with time and reason, oldest first"));
        return routes;
    }

    private static DescribedRoute Told<T>(string id, string summary) => new(id, summary)
    {
        Answers = [new(StatusCodes.Status200OK, typeof(T), "What the service tells.")],
        Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict],
    };

    private static void MapAction(RouteGroupBuilder service, string route, ServiceChange change, string id, string summary) =>
        service.MapPost(route, (
            string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null) =>
            ServiceCalls.Change(name, change, request, actors, StatusCodes.Status200OK, dryRun, why, cancel))
            .As(ServiceCalls.Described(id, summary, StatusCodes.Status200OK));

    private static async Task<IResult> Restart(
        string name, HttpRequest request, ActorCalls actors, ImageFinder images, CancellationToken cancel, bool pull = false,
        bool dryRun = false, string? why = null)
    {
        var image = await ImageCalls.OfRestart(name, pull, actors, images, cancel);
        return await ServiceCalls.Change(
            name, new RestartInstances(pull), request, actors, StatusCodes.Status200OK, dryRun, why, cancel, image);
    }

    private static async Task<IResult> RollBack(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        var (to, refusal) = await RequestBody.ReadOrNothing<RollBackTo>(request, cancel);
        return refusal ?? await ServiceCalls.Change(
            name, new RollBack(to!.Revision), request, actors, StatusCodes.Status200OK, dryRun, why, cancel);
    }

    private static async Task<IResult> ReleaseVolume(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        var (what, refusal) = await RequestBody.ReadOrNothing<ReleasedVolume>(request, cancel);
        return refusal ?? await ServiceCalls.Change(
            name, new ReleaseVolume(what!.Slot), request, actors, StatusCodes.Status200OK, dryRun, why, cancel);
    }

    private static Task<IResult> Explain(string name, ActorCalls actors, CancellationToken cancel, [Range(1, int.MaxValue)] int from = 1) =>
        Ask(name, actors, master => master.Explain(from), cancel);

    private static Task<IResult> History(string name, ActorCalls actors, CancellationToken cancel) =>
        Ask(name, actors, master => master.History(), cancel);

    private static async Task<IResult> Ask<T>(string name, ActorCalls actors, Func<IServiceMaster, Task<T?>> ask, CancellationToken cancel)
        where T : class =>
        ServiceNames.Problem(name) is { } problem ? ServiceCalls.BadName(problem)
        : await actors.Service(name, ask, cancel) is { } answer ? TypedResults.Ok(answer)
        : ServiceCalls.Unknown(name);
}
