using System.CommandLine;

namespace Orchestrator.Cli.Commands;

internal static class OpenCommand
{
    public static Command Of(Shell shell)
    {
        var print = new Option<bool>("--print") { Description = "Only say its address" };
        var name = new Argument<string?>("service")
        {
            Description = "Its page", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { _ => shell.Names.Services() },
        };
        return shell.Verb("open", "Show the cluster, or a service, in a browser", [name, print], async (session, cancel) =>
        {
            await session.Client.Members.List(cancel); // Of several masters it is one that answers.
            var page = session.Get(name) is { } service
                ? new Uri(session.Client.Server, $"ui/services/{Uri.EscapeDataString(service)}") : session.Client.Server;
            session.Out.Line($"{page}");
            session.Remark($"the whole API is described at {new Uri(session.Client.Server, "docs")}");
            if (!session.Get(print) && session.Around.MayAsk && !session.Around.Browse(page))
                session.Remark("there is no browser here; open the address in one that reaches it");
        });
    }
}
