using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Asks a ServiceMaster for a change and turns its answer into HTTP; what all routes of services share.</summary>
internal static class ServiceCalls
{
    public static async Task<IResult> Change(
        string name, ServiceChange change, HttpRequest request, ActorCalls actors, int success, bool dryRun, CancellationToken cancel)
    {
        if (ServiceNames.Problem(name) is { } problem) return BadName(problem);
        var asked = new ServiceChangeRequest(
            Guid.CreateVersion7().ToString("N"), change with { Who = Who(request), Why = request.Query["why"].ToString() }, dryRun);
        return Answer(name, await actors.Service(name, master => master.Change(asked), cancel), success);
    }

    /// <summary>The name of the token, or where the request came from.</summary>
    public static string Who(HttpRequest request) =>
        request.HttpContext.User.Identity?.Name ?? request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    public static ProblemHttpResult BadName(string problem) => Problems.Invalid([new FieldProblem("name", problem)]);

    public static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"there is no service '{name}'");

    public static IResult Answer(string name, ServiceAnswer answer, int success) => answer.Outcome switch
    {
        ServiceOutcome.Done when answer.Plan is not null => TypedResults.Ok(answer.Plan),
        ServiceOutcome.Done when success == StatusCodes.Status201Created => TypedResults.Created($"/services/{name}", answer.Service),
        ServiceOutcome.Done => TypedResults.Json(answer.Service, statusCode: success),
        ServiceOutcome.Unknown => Unknown(name),
        ServiceOutcome.Exists => Problems.Of(StatusCodes.Status409Conflict, $"there is a service '{name}' already; change it with PUT"),
        ServiceOutcome.Conflict =>
            Problems.Of(StatusCodes.Status409Conflict, string.Join("; ", answer.Problems.Select(problem => problem.Reason))),
        _ => Problems.Invalid(answer.Problems),
    };
}
