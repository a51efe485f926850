using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Cli.Commands.Content;

internal static class ConfigCommands
{
    private static View<ConfigView> View(DateTimeOffset now) => new(
        it => it.Name,
        new("NAME", it => it.Name), new("VERSION", it => $"{it.Version}"),
        new("SET", it => it.Versions.Count > 0 ? $"{Words.Age(it.Versions[^1].At, now)} ago by {it.Versions[^1].By}" : ""),
        new("USED BY", it => ContentOptions.Users(it.UsedBy)));

    public static Command Of(Shell shell) => new("config", "Values that instances are given") { Set(shell), List(shell), Inspect(shell), Remove(shell) };

    private static Argument<string> Name(Shell shell) =>
        new("name") { Description = "The config", CompletionSources = { _ => shell.Names.Configs() } };

    private static Command Set(Shell shell)
    {
        var (name, options) = (Name(shell), new ContentOptions());
        var value = new Argument<string?>("value") { Description = "The value; - reads standard input", Arity = ArgumentArity.ZeroOrOne };
        return shell.Verb("set", "Set a config; services that use it are rolled to the new version", [name, value, options.From, options.Why, options.DryRun],
            async (session, cancel) =>
            {
                var (text, base64) = options.Value(session, session.Get(value));
                var wish = new ConfigValue { Value = text, Base64 = base64 };
                if (session.Get(options.DryRun))
                {
                    Views.Plans.Show(session.Results, session.Get(name),
                        await session.Client.Configs.PlanSet(session.Get(name), wish, cancel));
                    return;
                }

                ContentOptions.Tell(session, await session.Client.Configs.Set(session.Get(name), wish, session.Get(options.Why), cancel));
            });
    }

    private static Command List(Shell shell) => shell.Verb("ls", "List configs, without values", [], async (session, cancel) =>
        session.Results.List(View(session.Now), await session.Client.Configs.List(cancel), none: "there is no config; orc config set NAME --from-file FILE makes one"));

    private static Command Inspect(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("inspect", "A config: its value, its versions, and who uses it", [name], async (session, cancel) =>
        {
            var it = await session.Client.Configs.Get(session.Get(name), cancel);
            session.Results.One(it, it.Name, (to, _) =>
            {
                to.Pairs([("Name", new(it.Name, Tone.Strong)), ("Version", $"{it.Version}"), ("Used by", ContentOptions.Users(it.UsedBy))]);
                foreach (var version in it.Versions) to.Line($"  {version.Number}: set {Words.Age(version.At, session.Now)} ago by {version.By}");
                to.Line();
                to.Line(it.Value ?? $"(no text; {Words.Count(Convert.FromBase64String(it.Base64 ?? "").Length, "byte")})");
            });
        });
    }

    private static Command Remove(Shell shell)
    {
        var (name, options) = (Name(shell), new ContentOptions());
        return shell.Verb("rm", "Delete a config that nobody uses", [name, options.Yes, options.Why, options.DryRun], async (session, cancel) =>
        {
            var it = await session.Client.Configs.Get(session.Get(name), cancel);
            if (session.Get(options.DryRun))
            {
                Views.Plans.Show(session.Results, it.Name, await session.Client.Configs.PlanDelete(it.Name, cancel));
                return;
            }

            Asking.Sure(session, session.Get(options.Yes), $"Delete config {it.Name} with all its versions?");
            await session.Client.Configs.Delete(it.Name, session.Get(options.Why), cancel);
            session.Remark($"{it.Name}: deleted");
        });
    }
}
