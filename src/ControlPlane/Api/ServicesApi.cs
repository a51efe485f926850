using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>The routes of services. Each translates a request into a change, asks the ServiceMaster, and translates its answer; nothing is decided here.</summary>
internal static class ServicesApi
{
    private const int PageSize = 100;
    private const int LargestPage = 500;
    private const int AskedAtATime = 16;

    public static IEndpointRouteBuilder MapServices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services", List).WithSummary("All services, by name; pages with after and limit");
        var service = routes.MapGroup("/services/{name}");
        service.MapGet("", Get).WithSummary("One service with its instances, and what it waits for");
        service.MapPost("", Create).WithSummary("Create a service");
        service.MapPut("", Update).WithSummary("Replace the given fields of the spec: instances scales, anything else updates");
        service.MapDelete("", Withdraw).WithSummary("End all instances and forget the service");

        // The seed's text writes the singular for these two.
        routes.MapPost("/service/{name}", Create).ExcludeFromDescription();
        routes.MapPut("/service/{name}", Update).ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> List(ActorCalls actors, CancellationToken cancel, string? after = null, int limit = PageSize)
    {
        if (limit is < 1 or > LargestPage) return Problems.Invalid([new FieldProblem("limit", $"must be 1 to {LargestPage}")]);
        var names = await actors.Directory(directory => directory.Names(), cancel);
        var page = names.SkipWhile(name => after is not null && string.CompareOrdinal(name, after) <= 0).Take(limit).ToList();
        var views = new ServiceView?[page.Count];
        await Parallel.ForAsync(0, page.Count, new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel }, async (index, stop) =>
            views[index] = (await actors.Service(page[index], master => master.Get(), stop)).Service);
        var more = page.Count > 0 && page[^1] != names[^1];
        return TypedResults.Ok(new ServiceList(views.OfType<ServiceView>().Select(Summary).ToValueList(), more ? page[^1] : null));
    }

    private static async Task<IResult> Get(string name, ActorCalls actors, CancellationToken cancel) =>
        ServiceNames.Problem(name) is { } problem
            ? BadName(problem)
            : Answer(name, await actors.Service(name, master => master.Get(), cancel), StatusCodes.Status200OK);

    private static async Task<IResult> Create(string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false)
    {
        var (fields, problem) = await RequestBody.Object(request, cancel);
        if (problem is not null) return Problems.Invalid([problem]);
        var (spec, problems) = SpecFields.Merge(new ServiceSpec(), fields!);
        if (problems.Count > 0) return Problems.Invalid(problems);
        return await Change(name, new CreateService(spec), request, actors, StatusCodes.Status201Created, dryRun, cancel);
    }

    private static async Task<IResult> Update(string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false)
    {
        var (fields, problem) = await RequestBody.Object(request, cancel);
        return problem is not null ? Problems.Invalid([problem]) : await Change(name, new UpdateService(fields!), request, actors, StatusCodes.Status200OK, dryRun, cancel);
    }

    private static Task<IResult> Withdraw(string name, HttpRequest request, ActorCalls actors, CancellationToken cancel, bool dryRun = false) =>
        Change(name, new WithdrawService(), request, actors, StatusCodes.Status202Accepted, dryRun, cancel);

    private static async Task<IResult> Change(
        string name, ServiceChange change, HttpRequest request, ActorCalls actors, int success, bool dryRun, CancellationToken cancel)
    {
        if (ServiceNames.Problem(name) is { } problem) return BadName(problem);
        var asked = new ServiceChangeRequest(change with { Who = Who(request), Why = request.Query["why"].ToString() }, dryRun);
        return Answer(name, await actors.Service(name, master => master.Change(asked), cancel), success);
    }

    private static string Who(HttpRequest request) =>
        request.Headers["X-User"].FirstOrDefault() ?? request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    private static ServiceSummary Summary(ServiceView service)
    {
        var wanted = service.Withdrawing ? 0 : service.Spec.Mode == ServiceMode.Global ? service.Instances.Count : service.Spec.Instances;
        return new(service.Name, service.Spec.Image, service.Revision, wanted, service.Running, service.Withdrawing, service.Waiting is [var first, ..] ? first : null);
    }

    private static ProblemHttpResult BadName(string problem) => Problems.Invalid([new FieldProblem("name", problem)]);

    private static IResult Answer(string name, ServiceAnswer answer, int success) => answer.Outcome switch
    {
        ServiceOutcome.Done when answer.Plan is not null => TypedResults.Ok(answer.Plan),
        ServiceOutcome.Done when success == StatusCodes.Status201Created => TypedResults.Created($"/services/{name}", answer.Service),
        ServiceOutcome.Done => TypedResults.Json(answer.Service, statusCode: success),
        ServiceOutcome.Unknown => Problems.Of(StatusCodes.Status404NotFound, $"there is no service '{name}'"),
        ServiceOutcome.Exists => Problems.Of(StatusCodes.Status409Conflict, $"there is a service '{name}' already; change it with PUT"),
        ServiceOutcome.Conflict => Problems.Of(StatusCodes.Status409Conflict, string.Join("; ", answer.Problems.Select(problem => problem.Reason))),
        _ => Problems.Invalid(answer.Problems),
    };
}

/// <summary>A page of <c>GET /services</c>.</summary>
/// <param name="Next">Pass as <c>after</c> for the next page; none on the last.</param>
internal sealed record ServiceList(ValueList<ServiceSummary> Services, string? Next);
