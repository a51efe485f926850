using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Looking;
using Orchestrator.ServiceDefaults.Streams;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>What instances write: as text for people, or line by line as JSON for programs.</summary>
internal static class LogsApi
{
    private const int MostLines = 100_000;

    /// <summary>Of each instance, where nobody says how many or since when.</summary>
    private const int UsualTail = 100;

    public static IEndpointRouteBuilder MapLogs(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/services/{name}/logs", OfService).AlsoHead().WithTags("Looking inside").As(Described(
            "GetServiceLogs", "What the instances of a service write, also those that have ended of late; each line names its instance"));
        routes.MapGet("/instances/{id}/logs", OfInstance).AlsoHead().WithTags("Looking inside").As(Described(
            "GetInstanceLogs", "What an instance writes, or wrote before it ended"));
        return routes;
    }

    private static DescribedRoute Described(string id, string summary) => new(id, summary)
    {
        Answers =
        [
            new(Status200OK, typeof(LogLine), "The lines, for as long as they come.") { Types = ["text/plain", JsonLines.Type] },
        ],
        Problems = [Status404NotFound, Status406NotAcceptable],
    };

    private static async Task<IResult> OfService(
        string name, HttpRequest request, Whereabouts whereabouts, ServiceLogs logs, TimeProvider clock, CancellationToken cancel,
        bool follow = false, [Range(0, MostLines)] int? tail = null, string? since = null, string? instance = null,
        bool timestamps = false, string? stream = null)
    {
        if (ServiceNames.Problem(name) is { } problem) return ServiceCalls.BadName(problem);
        var (wish, problems) = Wish(new(name) { Instance = instance, Follow = follow, Tail = tail }, since, stream, clock);
        if (instance is not null && !(InstanceName.TryParse(instance, out var it) && it.Service == name))
            problems.Add(new("instance", $"is not the name of an instance of {name}, such as {name}-1-r1-a1"));
        if (problems.Count > 0) return Problems.Invalid(problems);
        if (LogForm.Of(request) is not { } form) return LogForm.Refused();
        if (await whereabouts.OfService(name, cancel) is not { } workers) return ServiceCalls.Unknown(name);
        return new LineStream(() => logs.Lines(wish, workers, cancel), form with { Prefix = true, Timestamps = timestamps });
    }

    private static async Task<IResult> OfInstance(
        string id, HttpRequest request, Whereabouts whereabouts, ServiceLogs logs, TimeProvider clock, CancellationToken cancel,
        bool follow = false, [Range(0, MostLines)] int? tail = null, string? since = null, bool timestamps = false, string? stream = null)
    {
        if (!InstanceName.TryParse(id, out var name)) return InstanceCalls.BadName();
        var (wish, problems) = Wish(new(name.Service) { Instance = id, Follow = follow, Tail = tail }, since, stream, clock);
        if (problems.Count > 0) return Problems.Invalid(problems);
        if (LogForm.Of(request) is not { } form) return LogForm.Refused();
        if (await whereabouts.OfInstance(name, cancel) is not { } worker) return InstanceCalls.Unknown(id);
        return new LineStream(() => logs.Lines(wish, [worker], cancel), form with { Timestamps = timestamps });
    }

    private static (LogWish Wish, List<FieldProblem> Problems) Wish(LogWish wish, string? since, string? stream, TimeProvider clock)
    {
        List<FieldProblem> problems = [];
        var from = since is null ? null : Durations.TryParse(since, out var ago) && ago >= TimeSpan.Zero && ago < TimeSpan.FromDays(10_000)
            ? LogTimes.Of(clock.GetUtcNow() - ago) : LogTimes.Parse(since);
        if (since is not null && from is null)
            problems.Add(new("since", "is a time such as 2026-01-01T12:00:00.000000001Z, or how long ago, such as 10m"));
        if (stream is not (null or "stdout" or "stderr")) problems.Add(new("stream", "is stdout or stderr"));
        return (wish with
        {
            Since = from,
            Tail = wish.Tail ?? (since is null ? UsualTail : null),
            Stream = stream switch { "stdout" => LogStream.Stdout, "stderr" => LogStream.Stderr, _ => null },
        }, problems);
    }

    private sealed class LineStream(Func<IAsyncEnumerable<LogLine>> lines, LogForm form) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (!HttpMethods.IsHead(httpContext.Request.Method))
                return JsonLines.Stream(httpContext, form.Type, lines(), form.Write, httpContext.RequestAborted);
            JsonLines.Begin(httpContext, form.Type);
            return Task.CompletedTask;
        }
    }
}
