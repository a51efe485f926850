using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// The routes of services. Each translates a request into a change, asks the ServiceMaster, and translates its answer; nothing is decided
/// here.
/// </summary>
internal static class ServicesApi
{
    private const int PageSize = 100;
    private const int LargestPage = 500;
    private const int AskedAtATime = 16;

    public static IEndpointRouteBuilder MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services", List).AlsoHead().WithSummary("All services, by name; pages with after and limit");
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

    private static async Task<IResult> List(ActorCalls actors, CancellationToken cancel, string? after = null, int limit = PageSize)
    {
        if (limit is < 1 or > LargestPage) return Problems.Invalid([new FieldProblem("limit", $"must be 1 to {LargestPage}")]);
        var names = await actors.Names(cancel);
        var page = names.SkipWhile(name => after is not null && string.CompareOrdinal(name, after) <= 0).Take(limit).ToList();
        var lines = new ServiceSummary?[page.Count];
        await Parallel.ForAsync(0, page.Count, new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel },
            async (index, stop) =>
            lines[index] = await actors.Service(page[index], master => master.Summary(), stop));
        var more = page.Count > 0 && page[^1] != names[^1];
        return TypedResults.Ok(new ServiceList(lines.OfType<ServiceSummary>().ToValueList(), more ? page[^1] : null));
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
