using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Content;

namespace Orchestrator.Cli.Commands.Content;

internal static class RegistryCommands
{
    private static View<RegistryView> View(DateTimeOffset now) => new(
        it => it.Host,
        new("HOST", it => it.Host), new("USER", it => it.Username),
        new("PASSWORD", it => it.Helper is { } helper ? $"from {helper}" : it.PasswordSecret is { } secret ? $"secret {secret}" : "given"),
        new("SET", it => $"{Words.Age(it.ChangedAt, now)} ago by {it.ChangedBy}"));

    public static Command Of(Shell shell) =>
        new("registry", "How workers log in where images come from") { Set(shell), List(shell), Remove(shell) };

    private static Argument<string> Host(Shell shell) =>
        new("host") { Description = "Of the registry, with its port where it has one",
            CompletionSources = { _ => shell.Names.Registries() } };

    private static Command Set(Shell shell)
    {
        var (host, options) = (Host(shell), new ContentOptions());
        var user = new Option<string?>("--username", "-u") { Description = "Who pulls", HelpName = "name" };
        var stdin = new Option<bool>("--password-stdin") { Description = "Read the password from standard input" };
        var secret = new Option<string?>("--password-secret") { Description = "The secret that holds the password", HelpName = "secret" };
        secret.CompletionSources.Add(_ => shell.Names.Secrets());
        var helper = new Option<string?>("--helper") { Description = "A credential helper on the workers, such as ecr-login",
            HelpName = "name" };
        return shell.Verb(
            "set", "Say how workers log in to a registry", [host, user, stdin, secret, helper, options.Why, options.DryRun], async (session, cancel) =>
            {
                var login = new RegistryLogin
                {
                    Username = session.Get(user), PasswordSecret = session.Get(secret), Helper = session.Get(helper),
                    Password = session.Get(stdin) ? session.Around.In.ReadToEnd().TrimEnd('\r', '\n') : null,
                };
                if (session.Get(options.DryRun))
                {
                    Views.Plans.Show(session.Results, session.Get(host),
                        await session.Client.Registries.PlanSet(session.Get(host), login, cancel));
                    return;
                }

                var set = await session.Client.Registries.Set(session.Get(host), login, session.Get(options.Why), cancel);
                session.Results.One(set, set.Host, (to, _) => to.Line($"{set.Host}: set"));
            });
    }

    private static Command List(Shell shell) => shell.Verb("ls", "List registries, without passwords", [], async (session, cancel) =>
        session.Results.List(View(session.Now), await session.Client.Registries.List(cancel), none: "workers log in nowhere"));

    private static Command Remove(Shell shell)
    {
        var (host, options) = (Host(shell), new ContentOptions());
        return shell.Verb("rm", "Forget how workers log in", [host, options.Yes, options.Why, options.DryRun], async (session, cancel) =>
        {
            var it = await session.Client.Registries.Get(session.Get(host), cancel);
            if (session.Get(options.DryRun))
            {
                Views.Plans.Show(session.Results, it.Host, await session.Client.Registries.PlanDelete(it.Host, cancel));
                return;
            }

            Asking.Sure(session, session.Get(options.Yes), $"Forget the login at {it.Host}?");
            await session.Client.Registries.Delete(it.Host, session.Get(options.Why), cancel);
            session.Remark($"{it.Host}: forgotten");
        });
    }
}
