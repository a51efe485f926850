using System.CommandLine;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Services;

internal static class ListCommands
{
    private static readonly string[] States = [.. Enum.GetValues<ServiceState>().Select(it => it.Word())];

    public static IEnumerable<Command> Of(Shell shell) =>
    [
        List(shell, "services"),
        new Command("service", "One service") { Inspect(shell), List(shell, "ls"), Endpoints(shell) },
    ];

    private static Command List(Shell shell, string verb)
    {
        var label = new Option<string?>("--label", "-l") { Description = "Only those with this label: key, or key=value",
            HelpName = "label" };
        var state = new Option<string?>("--state") { Description = $"Only those that are {string.Join(", ", States)}", HelpName = "state" };
        state.CompletionSources.Add(States);
        var worker = new Option<string?>("--worker") { Description = "Only those with instances there", HelpName = "worker" };
        worker.CompletionSources.Add(_ => shell.Names.Workers());
        return shell.Verb(verb, "List all services", [label, state, worker], async (session, cancel) =>
        {
            var which = new ServiceFilter(
                session.Get(label)?.Split('=', 2)[0], session.Get(label)?.Split('=', 2) is [_, var value] ? value : null,
                session.Get(state) is { } word ? StateOf(word) : null, session.Get(worker));
            var all = await session.Client.Services.List(which, cancel: cancel).ToListAsync(cancel);
            session.Results.List(Views.Services.Lines, all, none: "there is no service; orc run nginx --name web -p 80 makes one");
        });
    }

    private static ServiceState StateOf(string word) => Array.IndexOf(States, word) is >= 0 and var at ? Enum.GetValues<ServiceState>()[at]
        : throw CliException.Usage($"'{word}' is no state of a service", $"there are {string.Join(", ", States)}");

    private static Command Inspect(Shell shell)
    {
        var name = shell.Service();
        return shell.Verb("inspect", "All about one service", [name], async (session, cancel) =>
        {
            var service = await session.Client.Services.Get(session.Get(name), cancel);
            session.Results.One(service, service.Name, (to, isWide) => Views.Services.Details(service, session.Now, to, isWide));
        });
    }

    private static Command Endpoints(Shell shell)
    {
        var name = shell.Service();
        var watch = new Option<bool>("--watch", "-w") { Description = "Again whenever it changes" };
        return shell.Verb("endpoints", "Where a service can be reached", [name, watch], async (session, cancel) =>
        {
            if (!session.Get(watch))
            {
                Show(session.Results, await session.Client.Services.Endpoints(session.Get(name), cancel));
                return;
            }

            await foreach (var now in session.Client.Services.WatchEndpoints(session.Get(name), cancel)) Show(session.Results, now);
        });
    }

    private static void Show(Results results, ServiceEndpoints now) => results.List(
        new View<ServiceEndpoint>(
            it => $"{it.Address}:{it.Port}", new("ADDRESS", it => $"{it.Address}:{it.Port}"),
            new("PORT", it => $"{it.Container}/{it.Protocol.Word()}"),
            new("NAME", it => it.Name), new("INSTANCE", it => it.Instance), new("WORKER", it => it.Worker)),
        now.Endpoints, now, none: $"{now.Service} cannot be reached now; orc explain {now.Service} tells why");
}
