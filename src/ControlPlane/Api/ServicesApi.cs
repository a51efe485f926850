using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// The routes of services. Each translates a request into a change, asks the ServiceMaster, and translates its answer; nothing is decided
/// here.
/// </summary>
internal static class ServicesApi
{
    public static IEndpointRouteBuilder MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services", ServiceListApi.List).AlsoHead()
            .WithSummary("All services, by name; pages with after and limit, and of those only what label, state and worker ask for");
        var service = routes.MapGroup("/services/{name}");
        service.MapGet("", Get).AlsoHead().WithSummary("One service with its instances, and what it waits for");
        service.MapPost("", Create).WithSummary("Create a service");
        service.MapPut("", Update).WithSummary("Change the spec by a JSON merge patch (RFC 7396): instances scales, anything else updates");
        service.MapDelete("", Withdraw).WithSummary("End all instances and forget the service");

        // The seed's text writes the singular.
        var alias = routes.MapGroup("/service/{name}").ExcludeFromDescription();
        alias.MapGet("", Get).AlsoHead();
        alias.MapPost("", Create);
        alias.MapPut("", Update);
        alias.MapDelete("", Withdraw);
        return routes;
    }

    private static async Task<IResult> Get(string name, HttpResponse response, ActorCalls actors, CancellationToken cancel) =>
        ServiceNames.Problem(name) is { } problem
            ? ServiceCalls.BadName(problem)
            : ServiceCalls.Answer(name, await actors.Service(name, master => master.Get(), cancel), StatusCodes.Status200OK, response);

    private static async Task<IResult> Create(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        var (fields, refusal) = await RequestBody.Object(request, cancel);
        if (refusal is not null) return refusal;
        var (spec, problems) = SpecFields.Merge(new ServiceSpec(), fields!);
        if (problems.Count > 0) return Problems.Invalid(problems);
        return await ServiceCalls.Change(name, new CreateService(spec), request, actors, StatusCodes.Status201Created, dryRun, why, cancel);
    }

    private static async Task<IResult> Update(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null)
    {
        var (fields, refusal) = await RequestBody.Object(request, cancel);
        return refusal ?? await ServiceCalls.Change(
            name, new UpdateService(fields!), request, actors, StatusCodes.Status200OK, dryRun, why, cancel);
    }

    private static Task<IResult> Withdraw(
        string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false, string? why = null) =>
        ServiceCalls.Change(name, new WithdrawService(), request, actors, StatusCodes.Status202Accepted, dryRun, why, cancel);
}
