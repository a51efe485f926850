using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Asks a ServiceMaster for a change and turns its answer into HTTP; what all routes of services share.</summary>
internal static partial class ServiceCalls
{
    private const string RequestIdHeader = DescribedParameters.RequestId;

    /// <summary>What all changes of a service have in common.</summary>
    /// <param name="success">Status of the answer when it is done.</param>
    public static DescribedRoute Described(string id, string summary, int success) => new(id, summary)
    {
        Answers =
        [
            new(success, typeof(ServiceView), "Done: the service as it is to be.")
            {
                HasTag = true, HasLocation = success == StatusCodes.Status201Created,
            },
            new(StatusCodes.Status200OK, typeof(PlanView), "A dry run: what would be done.", "dryRun"),
        ],
        Problems = [StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed],
        IsConditional = true,
    };

    public static async Task<IResult> Change(
        string name, ServiceChange change, HttpRequest request, ActorCalls actors, int success, bool dryRun, string? why,
        CancellationToken cancel, FoundImage? image = null)
    {
        if (ServiceNames.Problem(name) is { } problem) return BadName(problem);
        if (!TryTags(request.Headers.IfMatch, out var ifMatch)) return BadTags("If-Match");
        if (!TryTags(request.Headers.IfNoneMatch, out var ifNoneMatch)) return BadTags("If-None-Match");
        if (RequestId(request) is not { } id) return BadRequestId;
        request.HttpContext.Response.Headers[RequestIdHeader] = id;
        var asked = new ServiceChangeRequest(id, change with { Who = Who(request), Why = why ?? "" }, dryRun, ifMatch, ifNoneMatch, image);
        try
        {
            var answer = await actors.Service(name, master => master.Change(asked), cancel);
            return answer.Outcome is ServiceOutcome.NotDone or ServiceOutcome.InDoubt
                ? Problems.Unanswered(answer.Outcome == ServiceOutcome.InDoubt, id, answer.Problems[0].Reason, request.HttpContext.Response)
                : Answer(name, answer, success, request.HttpContext.Response);
        }
        catch (NoAnswerException e)
        {
            return Problems.Unanswered(isInDoubt: !dryRun && e.IsSent, id, e.Message, request.HttpContext.Response);
        }
    }

    public static ProblemHttpResult BadRequestId =>
        Problems.Invalid([new FieldProblem(RequestIdHeader, "is 1 to 64 letters, digits, dots, underscores, tildes and dashes")]);

    /// <summary>Who names the request can ask again after a lost answer; null when the name is none.</summary>
    public static string? RequestId(HttpRequest request) => request.Headers[RequestIdHeader] switch
    {
        [] => Guid.CreateVersion7().ToString("N"),
        [{ } id] when RequestIds().IsMatch(id) && !id.EndsWith('\n') => id,
        _ => null,
    };

    [GeneratedRegex(DescribedParameters.RequestIdPattern)]
    private static partial Regex RequestIds();

    /// <summary>A weak tag is equal to none (RFC 9110): it keeps its mark here.</summary>
    public static bool TryTags(StringValues header, out ValueList<string>? tags)
    {
        tags = null;
        if (header.Count == 0) return true;
        if (!EntityTagHeaderValue.TryParseStrictList(header!, out var list)) return false;
        tags = list.Select(it => it.IsWeak ? $"{it}" : it.Tag.Value!.Trim('"')).ToValueList();
        return true;
    }

    public static ProblemHttpResult BadTags(string header) => Problems.Invalid(
        [new FieldProblem(header, "is a list of tags as ETag tells them, such as \"3.7\", or *")]);

    /// <summary>The name of the token, or where the request came from.</summary>
    public static string Who(HttpRequest request) =>
        request.HttpContext.User.Identity?.Name ?? request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    public static ProblemHttpResult BadName(string problem) => Problems.Invalid([new FieldProblem("name", problem)]);

    public static ProblemHttpResult Unknown(string name) => Problems.Of(StatusCodes.Status404NotFound, $"there is no service '{name}'");

    public static IResult Answer(string name, ServiceAnswer answer, int success, HttpResponse response)
    {
        if (answer.Tag is { } tag) response.Headers.ETag = $"\"{tag}\"";
        return Answer(name, answer, success);
    }

    private static IResult Answer(string name, ServiceAnswer answer, int success) => answer.Outcome switch
    {
        ServiceOutcome.Done when answer.Plan is not null => TypedResults.Ok(answer.Plan),
        ServiceOutcome.Done when success == StatusCodes.Status201Created => TypedResults.Created($"/services/{name}", answer.Shown),
        ServiceOutcome.Done => TypedResults.Json(answer.Shown, statusCode: success),
        ServiceOutcome.Unknown => Unknown(name),
        ServiceOutcome.Exists => Problems.Of(StatusCodes.Status409Conflict, $"there is a service '{name}' already; change it with PUT"),
        ServiceOutcome.Conflict =>
            Problems.Of(StatusCodes.Status409Conflict, string.Join("; ", answer.Problems.Select(problem => problem.Reason))),
        ServiceOutcome.Overtaken => Problems.Of(StatusCodes.Status412PreconditionFailed, answer.Problems[0].Reason),
        _ => Problems.Invalid(answer.Problems),
    };
}
