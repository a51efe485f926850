using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Cli.Commands.Content;

internal static class SecretCommands
{
    private static View<SecretView> View(DateTimeOffset now) => new(
        it => it.Name,
        new("NAME", it => it.Name), new("VERSION", it => $"{it.Version}"),
        new("SET", it => it.Versions.Count > 0 ? $"{Words.Age(it.Versions[^1].At, now)} ago by {it.Versions[^1].By}" : ""),
        new("USED BY", it => ContentOptions.Users(it.UsedBy)));

    public static Command Of(Shell shell) => new("secret", "Values that only instances see") { Set(shell), List(shell), Inspect(shell), Remove(shell) };

    private static Argument<string> Name(Shell shell) =>
        new("name") { Description = "The secret", CompletionSources = { _ => shell.Names.Secrets() } };

    private static Command Set(Shell shell)
    {
        var (name, options) = (Name(shell), new ContentOptions());
        var value = new Argument<string?>("value") { Description = "The value; - reads standard input", Arity = ArgumentArity.ZeroOrOne };
        var store = new Option<string?>("--from-store") { Description = "Where the value is, in a secret store of Dapr: store/key or store/key/field", HelpName = "place" };
        return shell.Verb("set", "Set a secret; services that use it are rolled to the new version", [name, value, options.From, store, options.Why, options.DryRun],
            async (session, cancel) =>
            {
                var wish = session.Get(store) is { } place ? new SecretValue { From = Place(place) }
                    : options.Value(session, session.Get(value)) is var (text, base64) ? new SecretValue { Value = text, Base64 = base64 }
                        : null!;
                if (session.Get(options.DryRun))
                {
                    Views.Plans.Show(session.Results, session.Get(name),
                        await session.Client.Secrets.PlanSet(session.Get(name), wish, cancel));
                    return;
                }

                ContentOptions.Tell(session, await session.Client.Secrets.Set(session.Get(name), wish, session.Get(options.Why), cancel));
            });
    }

    private static StoreReference Place(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } store, { Length: > 0 } key] => new(store, key),
        [{ Length: > 0 } store, { Length: > 0 } key, { Length: > 0 } field] => new(store, key, field),
        _ => throw CliException.Usage($"'{text}' is no place in a secret store", "it is store/key or store/key/field"),
    };

    private static Command List(Shell shell) => shell.Verb("ls", "List secrets, without values", [], async (session, cancel) =>
        session.Results.List(View(session.Now), await session.Client.Secrets.List(cancel), none: "there is no secret; orc secret set NAME --from-file FILE makes one"));

    private static Command Inspect(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("inspect", "A secret without its value: versions, and who uses it", [name], async (session, cancel) =>
        {
            var it = await session.Client.Secrets.Get(session.Get(name), cancel);
            session.Results.One(it, it.Name, (to, _) =>
            {
                to.Pairs([("Name", new(it.Name, Tone.Strong)), ("Version", $"{it.Version}"), ("Used by", ContentOptions.Users(it.UsedBy))]);
                foreach (var version in it.Versions) to.Line($"  {version.Number}: set {Words.Age(version.At, session.Now)} ago by {version.By}");
                if (it.From is { } place) to.Line($"  its value is in {place.Store}, under {place.Key}");
            });
        });
    }

    private static Command Remove(Shell shell)
    {
        var (name, options) = (Name(shell), new ContentOptions());
        return shell.Verb("rm", "Delete a secret that nobody uses", [name, options.Yes, options.Why, options.DryRun], async (session, cancel) =>
        {
            var it = await session.Client.Secrets.Get(session.Get(name), cancel);
            if (session.Get(options.DryRun))
            {
                Views.Plans.Show(session.Results, it.Name, await session.Client.Secrets.PlanDelete(it.Name, cancel));
                return;
            }

            Asking.Sure(session, session.Get(options.Yes), $"Delete secret {it.Name} with all its versions?");
            await session.Client.Secrets.Delete(it.Name, session.Get(options.Why), cancel);
            session.Remark($"{it.Name}: deleted");
        });
    }
}
