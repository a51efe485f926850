using System.Runtime.CompilerServices;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Logs;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Streams;
using Orchestrator.WorkerAgent.Logs;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>What masters ask about what instances write, by service invocation.</summary>
internal static class LogsApi
{
    /// <summary>In characters. A sidecar carries an answer of 4 MiB, and cuts off a longer one.</summary>
    private const int LongestAnswer = 1 << 20;

    /// <summary>What a line takes besides its text.</summary>
    private const int AroundLine = 200;

    public static void MapLogs(this IEndpointRouteBuilder app) => app.MapPost(
        WorkerMethods.Logs, (LogQuestion question, InstanceLogs logs, HttpContext context) => JsonLines.Write(
            context, InParts(logs, question, context.RequestAborted), ContractsJson.Options, context.RequestAborted));

    /// <summary>Ends when it has become long: whoever asks goes on from there.</summary>
    private static async IAsyncEnumerable<LogNews> InParts(
        InstanceLogs logs, LogQuestion question, [EnumeratorCancellation] CancellationToken cancel)
    {
        var length = 0;
        await foreach (var news in logs.Answer(question, cancel))
        {
            yield return news;
            length += (news.Line?.Line.Length ?? 0) + AroundLine;
            if (length < LongestAnswer || news.End is not null) continue;
            yield return new() { End = LogEnd.ToBeContinued };
            yield break;
        }
    }
}
