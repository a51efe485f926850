using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// The routes of services. Each translates a request into a change, asks the ServiceMaster, and translates its answer; nothing is decided
/// here.
/// </summary>
internal static class ServicesApi
{
    private const string Tag = "Services";

    public static IEndpointRouteBuilder MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services", ServiceListApi.List).AlsoHead().WithTags(Tag).As(new(
            "ListServices", "All services, by name; pages with after and limit, and of those only what label, state and worker ask for")
        {
            Answers = [new(Status200OK, typeof(ServiceList), "A page.")],
        });
        MapService(routes.MapGroup("/services/{name}").WithTags(Tag));
        // The seed's text writes the singular.
        MapService(routes.MapGroup("/service/{name}").ExcludeFromDescription());
        return routes;
    }

    private static void MapService(RouteGroupBuilder service)
    {
        service.MapGet("", Get).AlsoHead().As(new("GetService", "One service with its instances, and what it waits for")
        {
            Answers = [new(Status200OK, typeof(ServiceView), "The service.") { HasTag = true }],
            Problems = [Status404NotFound, Status409Conflict],
        });
        service.MapPost("", Create).As(ServiceCalls.Described("CreateService", "Create a service", Status201Created) with
        {
            Body = new(typeof(ServiceSpec), IsNew: true), Problems = [Status409Conflict, Status412PreconditionFailed],
        });
        service.MapPut("", Update).As(ServiceCalls.Described(
            "UpdateService", "Change the spec by a JSON merge patch (RFC 7396): instances scales, anything else updates", Status200OK) with
        {
            Body = new(typeof(ServiceSpec)),
        });
        service.MapDelete("", Withdraw).As(ServiceCalls.Described(
            "WithdrawService", "End all instances and forget the service", Status202Accepted));
    }

    private static async Task<IResult> Get(string name, HttpResponse response, ActorCalls actors, CancellationToken cancel) =>
        ServiceNames.Problem(name) is { } problem
            ? ServiceCalls.BadName(problem)
            : ServiceCalls.Answer(name, await actors.Service(name, master => master.Get(), cancel), Status200OK, response);

    private static async Task<IResult> Create(
        string name, HttpRequest request, ActorCalls actors, ImageFinder images, CancellationToken cancel, bool dryRun = false,
        string? why = null)
    {
        var (fields, refusal) = await RequestBody.Object(request, cancel);
        if (refusal is not null) return refusal;
        var (spec, problems) = SpecFields.Merge(new ServiceSpec(), fields!);
        if (problems.Count > 0) return Problems.Invalid(problems);
        var image = dryRun ? null : await ImageCalls.OfNew(name, spec, images, cancel);
        return await ServiceCalls.Change(name, new CreateService(spec), request, actors, Status201Created, dryRun, why, cancel, image);
    }

    private static async Task<IResult> Update(
        string name, HttpRequest request, ActorCalls actors, ImageFinder images, CancellationToken cancel, bool dryRun = false,
        string? why = null)
    {
        var (fields, refusal) = await RequestBody.Object(request, cancel);
        if (refusal is not null) return refusal;
        var image = dryRun ? null : await ImageCalls.OfUpdate(name, fields!, actors, images, cancel);
        return await ServiceCalls.Change(
            name, new UpdateService(fields!), request, actors, Status200OK, dryRun, why, cancel, image);
    }

    private static Task<IResult> Withdraw(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null) =>
        ServiceCalls.Change(name, new WithdrawService(), request, actors, Status202Accepted, dryRun, why, cancel);
}
