using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Looking;

internal static class TopCommand
{
    public static Command Of(Shell shell)
    {
        var of = shell.Instance();
        return shell.Verb("top", "The processes of an instance", [of], async (session, cancel) =>
        {
            var table = await session.Client.Instances.Processes(await SlotNames.Instance(session, session.Get(of), cancel), cancel);
            var view = new View<ValueList<string>>(
                it => it[0], [.. table.Titles.Select((title, at) =>
                    new Column<ValueList<string>>(title, it => at < it.Count ? it[at] : ""))]);
            session.Results.List(view, table.Processes, table);
        });
    }
}
