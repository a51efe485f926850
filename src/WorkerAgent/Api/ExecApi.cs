using Microsoft.AspNetCore.Http.HttpResults;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Streams;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Exec;

namespace Orchestrator.WorkerAgent.Api;

/// <summary>Programs in instances that somebody talks to through a master, by service invocation.</summary>
internal static class ExecApi
{
    public static void MapExec(this IEndpointRouteBuilder app)
    {
        app.MapPost(WorkerMethods.ExecStart, Start);
        app.MapPost(WorkerMethods.ExecOutput, (ExecListen question, ExecDesk desk, HttpContext context) => JsonLines.Write(
            context, desk.Listen(question, context.RequestAborted), ContractsJson.Options, context.RequestAborted));
        app.MapPost(WorkerMethods.ExecInput, async Task<IResult> (ExecInput input, ExecDesk desk, CancellationToken cancel) =>
            await desk.Find(input.Session) is not { } session ? Gone()
            : await session.Input(input, cancel) ? Done() : LookingApi.Refuse(StatusCodes.Status409Conflict, "input before it is missing"));
        app.MapPost(WorkerMethods.ExecResize, async Task<IResult> (ExecResize resize, ExecDesk desk, CancellationToken cancel) =>
        {
            if (await desk.Find(resize.Session) is not { } session) return Gone();
            await session.Resize(resize, cancel);
            return Done();
        });
        app.MapPost(WorkerMethods.ExecEnd, async (ExecEnd end, ExecDesk desk) =>
        {
            await desk.End(end.Session);
            return Done();
        });
    }

    private static async Task<IResult> Start(ExecStart start, ExecDesk desk, CancellationToken cancel)
    {
        try
        {
            return await desk.Start(start, cancel) is var (status, why) ? LookingApi.Refuse(status, why) : Done();
        }
        catch (EngineException e)
        {
            return LookingApi.Refuse(
                e.Fault is EngineFault.Refused or EngineFault.NoContainer ? StatusCodes.Status409Conflict
                    : StatusCodes.Status503ServiceUnavailable,
                e.Message);
        }
    }

    private static JsonHttpResult<ExecDone> Done() => TypedResults.Json(new ExecDone(), ContractsJson.Options);

    private static ProblemHttpResult Gone() => LookingApi.Refuse(StatusCodes.Status404NotFound, "the session is not there any more");
}
