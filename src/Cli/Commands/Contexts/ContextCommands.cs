using System.CommandLine;
using Orchestrator.Cli.Contexts;
using Orchestrator.Cli.Output;
using Orchestrator.Client;

namespace Orchestrator.Cli.Commands.Contexts;

/// <summary>Clusters by names of one's own.</summary>
internal static class ContextCommands
{
    /// <summary>A context as it is shown, which is without its token.</summary>
    private sealed record Shown(string Name, string Server, bool HasToken, bool Current);

    private static readonly View<Shown> View = new(
        it => it.Name, new("", it => it.Current ? new Cell("*", Tone.Good) : ""), new("NAME", it => it.Name),
        new("SERVER", it => it.Server),
        new("TOKEN", it => it.HasToken ? "yes" : "no"));

    public static Command Of(Shell shell) =>
        new("context", "Clusters by names of your own") { Add(shell), Use(shell), List(shell), Remove(shell) };

    private static Argument<string> Name(Shell shell) =>
        new("name") { Description = "Of the context", CompletionSources = { _ => shell.Names.Contexts() } };

    private static Command Add(Shell shell)
    {
        var name = new Argument<string>("name") { Description = "Of the context" };
        var stdin = new Option<bool>("--token-stdin") { Description = "Read the token from standard input, where nobody sees it" };
        return shell.Verb("add", "Add a context, or change one: --server, --token; it is the current one then", [name, stdin], (session, _) =>
        {
            if (session.Get(shell.Server) is not { } server)
                throw CliException.Usage("--server is missing", "orc context add prod --server https://…");
            try
            {
                OrchestratorClientOptions.ServersIn(server);
            }
            catch (FormatException e)
            {
                throw CliException.Usage(e.Message);
            }

            var token = session.Get(stdin) ? session.Around.In.ReadToEnd().Trim() : session.Get(shell.Token);
            var (all, it) = (session.ContextFile.Read(), session.Get(name));
            all.All[it] = new(server, token);
            session.ContextFile.Write(all with { Current = it });
            session.Remark($"{it} is the current context; it is kept in {session.ContextFile.Path}, which only you may read");
            return Task.CompletedTask;
        });
    }

    private static Command Use(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("use", "Make a context the current one", [name], (session, _) =>
        {
            var (all, it) = (session.ContextFile.Read(), session.Get(name));
            if (!all.All.ContainsKey(it)) throw ContextChoice.Unknown(it, all);
            session.ContextFile.Write(all with { Current = it });
            session.Remark($"{it} is the current context");
            return Task.CompletedTask;
        });
    }

    private static Command List(Shell shell) => shell.Verb("ls", "List contexts", [], (session, _) =>
    {
        var all = session.ContextFile.Read();
        session.Results.List(
            View, [.. all.All.Select(it => new Shown(it.Key, it.Value.Server, it.Value.Token is not null, it.Key == all.Current))],
            none: $"there is no context: {ContextChoice.Default(session.Around.Variable)} is asked; orc context add NAME --server ADDRESS makes one");
        return Task.CompletedTask;
    });

    private static Command Remove(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("rm", "Forget a context", [name], (session, _) =>
        {
            var (all, it) = (session.ContextFile.Read(), session.Get(name));
            if (!all.All.Remove(it)) throw ContextChoice.Unknown(it, all);
            session.ContextFile.Write(all.Current == it ? all with { Current = null } : all);
            session.Remark($"{it}: forgotten");
            return Task.CompletedTask;
        });
    }
}
