using System.CommandLine;

namespace Orchestrator.Cli.Commands;

internal static class OpenCommand
{
    public static Command Of(Shell shell)
    {
        var print = new Option<bool>("--print") { Description = "Only say its address" };
        return shell.Verb("open", "Show the cluster in a browser", [print], async (session, cancel) =>
        {
            await session.Client.Members.List(cancel); // Of several masters it is one that answers.
            var page = new Uri(session.Client.Server, "docs");
            session.Out.Line($"{page}");
            if (!session.Get(print) && session.Around.MayAsk && !session.Around.Browse(page))
                session.Remark("there is no browser here; open the address in one that reaches it");
        });
    }
}
