using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Everything that goes wrong becomes a problem detail (RFC 9457) here and nowhere else.</summary>
internal static class Problems
{
    /// <summary>In seconds.</summary>
    private const string RetryAfter = "2";

    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>400 with the fields and the reasons.</summary>
    public static ProblemHttpResult Invalid(IEnumerable<FieldProblem> problems)
    {
        var all = problems.ToList();
        return TypedResults.Problem(new ProblemDetails
        {
            Status = StatusCodes.Status400BadRequest,
            Title = "The request cannot be accepted as it is",
            Detail = string.Join("; ",
                all.Select(problem => problem.Field.Length == 0 ? problem.Reason : $"{problem.Field}: {problem.Reason}")),
            Extensions =
            {
                ["errors"] = all.GroupBy(problem => problem.Field)
                    .ToDictionary(group => group.Key, group => group.Select(problem => problem.Reason).ToArray()),
            },
        });
    }

    /// <summary>503: nobody answers for a change. Whether it was made is told as far as it is known.</summary>
    public static ProblemHttpResult Unanswered(bool isInDoubt, string requestId, string detail, HttpResponse response)
    {
        response.Headers.RetryAfter = RetryAfter;
        var ask = isInDoubt ? $"; asking again with {DescribedParameters.RequestId}: {requestId} tells, and does it once at most" : "";
        return TypedResults.Problem($"{detail}{ask}", statusCode: StatusCodes.Status503ServiceUnavailable, extensions:
            new Dictionary<string, object?> { ["outcome"] = isInDoubt ? Outcomes.InDoubt : Outcomes.NotDone, ["requestId"] = requestId });
    }

    /// <summary>What there is instead, where nothing of ours has answered.</summary>
    private static string? Words(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"there is nothing at {http.Request.Path}; every route is described at /openapi/v1.json",
        StatusCodes.Status405MethodNotAllowed =>
            $"{http.Request.Method} is not offered at {http.Request.Path}; offered are {http.Response.Headers.Allow}",
        StatusCodes.Status500InternalServerError => "a mistake of ours; the log and the traces tell more by the traceId",
        StatusCodes.Status415UnsupportedMediaType => "a body is JSON, with Content-Type: application/json and without Content-Encoding",
        _ => null,
    };

    public static IServiceCollection AddProblems(this IServiceCollection services) => services
        .AddProblemDetails(details => details.CustomizeProblemDetails = context =>
        {
            context.ProblemDetails.Detail ??= Words(context.HttpContext);
            // Only a mistake of ours is looked up in the traces and the log.
            if (context.ProblemDetails.Status != StatusCodes.Status500InternalServerError)
                context.ProblemDetails.Extensions.Remove("traceId");
        })
        .AddExceptionHandler<Known>();

    /// <summary>What is no mistake of ours has a status of its own, and says why.</summary>
    private sealed class Known(IProblemDetailsService details) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (StatusOf(exception) is not { } status) return false;
            httpContext.Response.StatusCode = status;
            if (status == StatusCodes.Status503ServiceUnavailable) httpContext.Response.Headers.RetryAfter = RetryAfter;
            return await details.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Status = status, Detail = exception.Message },
            });
        }

        private static int? StatusOf(Exception exception) => exception switch
        {
            // What the server cannot read is the caller's fault: a body that is too large for it or ends too early.
            BadHttpRequestException bad => bad.StatusCode,
            UnreadableServiceException => StatusCodes.Status409Conflict,
            // An actor that does not answer passes: it is worth asking again.
            NoAnswerException or StoreTroubleException => StatusCodes.Status503ServiceUnavailable,
            _ => null,
        };
    }
}
