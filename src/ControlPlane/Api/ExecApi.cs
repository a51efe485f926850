using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Orchestrator.Contracts.Exec;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Description;
using Orchestrator.ControlPlane.Looking;
using Orchestrator.ControlPlane.Services;
using static Microsoft.AspNetCore.Http.StatusCodes;

namespace Orchestrator.ControlPlane.Api;

/// <summary>Running programs in instances: with somebody who talks to them over a WebSocket, or to their end.</summary>
internal static class ExecApi
{
    private const int MostOutput = 1 << 20;
    private const int LongestCommand = 4096;

    public static IEndpointRouteBuilder MapExec(this IEndpointRouteBuilder routes)
    {
        var exec = routes.MapGroup("/instances/{id}/exec").WithTags("Looking inside");
        exec.MapGet("", Talk).As(new("TalkToInstance", "Run a program in an instance and talk to it over a WebSocket")
        {
            Answers = [new(Status101SwitchingProtocols, null, "The WebSocket is open; docs/looking-inside.md tells what goes over it.")],
            Problems = [Status404NotFound, Status409Conflict],
        });
        exec.MapPost("", Run).As(new("RunInInstance", "Run a program in an instance to its end, for a minute at most")
        {
            Body = new(typeof(ExecRequest)),
            Answers = [new(Status200OK, typeof(ExecAnswer), "How it has ended, and what it wrote.")],
            Problems = [Status404NotFound, Status409Conflict, Status504GatewayTimeout],
        });
        return routes;
    }

    private static async Task<IResult> Talk(
        string id, HttpContext context, Whereabouts whereabouts, IWorkerLines workers, TimeProvider clock, CancellationToken cancel,
        string? command = null, bool terminal = false, [Range(1, 1000)] int columns = 80, [Range(1, 1000)] int rows = 24,
        string? user = null, string? workingDir = null)
    {
        if (!InstanceName.TryParse(id, out var name)) return InstanceCalls.BadName();
        if (Words(command) is not { } words)
            return Problems.Invalid([new("command", "is a program with its arguments, such as sh, or [\"sh\",\"-c\",\"echo hello\"]")]);
        if (!context.WebSockets.IsWebSocketRequest)
            return Problems.Invalid([new("", "this is a WebSocket: ask with Upgrade: websocket; POST runs a program to its end")]);
        if (await whereabouts.OfInstance(name, cancel) is not { } worker) return InstanceCalls.Unknown(id);

        var road = new ExecRoad(worker, workers, clock);
        var start = new ExecStart("", name.Service, id, words)
        {
            Terminal = terminal, Columns = columns, Rows = rows, User = user, WorkingDir = workingDir,
        };
        if (await Refusal(road, start, cancel) is { } refusal) return refusal;
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await new ExecSocket(socket, road).Talk(cancel);
        return Results.Empty;
    }

    private static async Task<IResult> Run(
        string id, HttpRequest request, Whereabouts whereabouts, IWorkerLines workers, TimeProvider clock, CancellationToken cancel)
    {
        if (!InstanceName.TryParse(id, out var name)) return InstanceCalls.BadName();
        var (asked, refusal) = await RequestBody.Read<ExecRequest>(request, cancel);
        if (refusal is not null) return refusal;
        if (Wrong(asked!).ToList() is { Count: > 0 } problems) return Problems.Invalid(problems);
        if (await whereabouts.OfInstance(name, cancel) is not { } worker) return InstanceCalls.Unknown(id);

        var road = new ExecRoad(worker, workers, clock);
        var start = new ExecStart("", name.Service, id, asked!.Command) { User = asked.User, WorkingDir = asked.WorkingDir };
        if (await Refusal(road, start, cancel) is { } not) return not;
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(1), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            if (asked.Input is { Length: > 0 } input) await road.Input(Encoding.UTF8.GetBytes(input), either.Token);
            await road.Input(null, either.Token);
            return await Whole(road, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            return Problems.Of(Status504GatewayTimeout, "the program has not ended within a minute, and is ended now");
        }
        finally
        {
            await road.End();
        }
    }

    private static IEnumerable<FieldProblem> Wrong(ExecRequest asked)
    {
        if (asked.Command is not { Count: > 0 and <= 100 })
            yield return new("command", "is a program with its arguments, at most 100 texts");
        if (asked.User is { Length: > 100 or 0 }) yield return new("user", "has 1 to 100 characters");
        if (asked.WorkingDir is { Length: > 1000 or 0 }) yield return new("workingDir", "has 1 to 1000 characters");
        if (asked.Input is { Length: > 65536 }) yield return new("input", "has at most 65536 characters");
    }

    private static async Task<IResult> Whole(ExecRoad road, CancellationToken cancel)
    {
        using MemoryStream output = new(), error = new();
        var truncated = false;
        await foreach (var piece in road.Output(cancel))
        {
            if (piece.Trouble is { } trouble) return Problems.Of(Status409Conflict, trouble);
            if (piece.ExitCode is { } code)
                return TypedResults.Ok(new ExecAnswer(code, Text(output), Text(error), truncated));
            truncated |= output.Length + error.Length > MostOutput;
            if (!truncated) (piece.IsError ? error : output).Write(piece.Bytes ?? []);
        }

        return Problems.Of(Status409Conflict, "the worker has ended the session");
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);

    private static async Task<IResult?> Refusal(ExecRoad road, ExecStart start, CancellationToken cancel)
    {
        try
        {
            await road.Start(start, cancel);
            return null;
        }
        catch (WorkerRefusedException e)
        {
            return Problems.Of(e.Status, e.Message);
        }
    }

    /// <summary>A JSON list, or words with blanks between them.</summary>
    private static ValueList<string>? Words(string? command)
    {
        if (command is not { Length: > 0 and <= LongestCommand }) return null;
        try
        {
            var words = command[0] == '[' ? JsonSerializer.Deserialize<string[]>(command)
                : command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words is { Length: > 0 } && words.All(it => it is not null) ? words.ToValueList() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
