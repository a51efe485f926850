using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Client.Looking;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Looking;

/// <summary>A program in an instance; its exit code is ours.</summary>
internal static class ExecCommand
{
    public static Command Of(Shell shell)
    {
        var of = shell.Instance();
        var program = new Argument<string[]>("command")
        {
            Description = "The program and its arguments", Arity = ArgumentArity.OneOrMore, CaptureRemainingTokens = true,
        };
        var input = new Option<bool>("--interactive", "-i") { Description = "What is typed here goes to the program" };
        var terminal = new Option<bool>("--tty", "-t") { Description = "The program has a terminal" };
        var user = new Option<string?>("--user", "-u") { Description = "As whom", HelpName = "user" };
        var folder = new Option<string?>("--workdir", "-w") { Description = "Where", HelpName = "path" };
        return shell.Verb(
            "exec", "Run a program in an instance: orc exec -it web/2 sh", [of, program, input, terminal, user, folder], async (session, cancel) =>
            {
                var here = session.Around.Terminal;
                var isTerminal = session.Get(terminal);
                if (isTerminal && !(here.IsInputTerminal && here.IsOutputTerminal))
                    throw CliException.Usage("-t needs a terminal here", "without -t the program writes as it would into a pipe");
                var (columns, rows) = isTerminal ? here.Size : (80, 24);
                var wish = new ExecWish(session.Get(program).ToValueList())
                {
                    Terminal = isTerminal, Columns = columns, Rows = rows, User = session.Get(user), WorkingDir = session.Get(folder),
                };
                var instance = await SlotNames.Instance(session, session.Get(of), cancel);
                await using var talk = await session.Client.Instances.Talk(instance, wish, cancel);
                return await Talk(talk, here, isTerminal, session.Get(input) || isTerminal, cancel);
            });
    }

    private static async Task<int> Talk(ExecSession talk, ITerminal here, bool isTerminal, bool withInput, CancellationToken cancel)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var raw = isTerminal ? here.Raw() : null;
        using var resized = isTerminal ? here.OnResize(() => _ = Quietly(() => talk.Resize(here.Size.Columns, here.Size.Rows, end.Token)))
            : null;
        // Nobody can wake a thread that waits for a key: it ends with this process.
        _ = withInput ? Task.Run(() => Quietly(() => Type(talk, here.Input, end.Token)), end.Token)
            : Quietly(() => talk.EndInput(end.Token));
        await using var output = here.Output;
        await using var error = here.Error;
        await foreach (var piece in talk.Output(end.Token))
        {
            var to = piece.IsError ? error : output;
            await to.WriteAsync(piece.Bytes, end.Token);
            await to.FlushAsync(end.Token);
        }

        await end.CancelAsync();
        return talk.ExitCode
            ?? throw new CliException(ExitCodes.Failed, talk.Trouble ?? "the session has ended", "orc ps tells whether the instance runs");
    }

    private static async Task Type(ExecSession talk, Stream input, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        while (await input.ReadAsync(buffer, cancel) is > 0 and var count) await talk.Type(buffer.AsMemory(0, count), cancel);
        await talk.EndInput(cancel);
    }

    /// <summary>What the session says when it is over is told by its output.</summary>
    private static async Task Quietly(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is OperationCanceledException or System.Net.WebSockets.WebSocketException or IOException
            or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
