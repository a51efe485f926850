using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Everything that goes wrong becomes a problem detail (RFC 9457) here and nowhere else.</summary>
internal static class Problems
{
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
        .AddExceptionHandler<Unavailable>()
        .AddExceptionHandler<BadRequest>();

    /// <summary>What the server cannot read is the caller's fault: a body that is too large for it or ends too early.</summary>
    private sealed class BadRequest(IProblemDetailsService details) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is not BadHttpRequestException bad) return false;
            httpContext.Response.StatusCode = bad.StatusCode;
            return await details.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Status = bad.StatusCode, Detail = bad.Message },
            });
        }
    }

    /// <summary>An actor that does not answer is not the caller's fault and passes: 503 with the advice to retry.</summary>
    private sealed class Unavailable(IProblemDetailsService details) : IExceptionHandler
    {
        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is not NoAnswerException) return false;
            httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            httpContext.Response.Headers.RetryAfter = "2";
            return await details.TryWriteAsync(new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = { Status = StatusCodes.Status503ServiceUnavailable, Detail = exception.Message },
            });
        }
    }
}
