using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

internal static class RemoveCommand
{
    public static Command Of(Shell shell)
    {
        var names = new Argument<string[]>("service")
        {
            Description = "The services", Arity = ArgumentArity.OneOrMore, CompletionSources = { _ => shell.Names.Services() },
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var change = new ChangeOptions();
        return shell.Verb("rm", "Withdraw services: end all instances and forget them", [names, yes, .. change.All],
            async (session, cancel) =>
        {
            var all = session.Get(names).Distinct().ToList();
            // What is not there is said before anybody is asked, and what would end is.
            List<ServiceView> there = [];
            foreach (var name in all) there.Add(await session.Client.Services.Get(name, cancel));
            if (!session.Get(change.DryRun))
            {
                var what = string.Join(", ",
                    there.Select(it => $"{it.Name} with its {Output.Words.Count(it.Instances.Count, "instance")}"));
                Asking.Sure(session, session.Get(yes), $"Remove {what}?");
            }

            return await Changing.Of(
                session, [.. all.Select(name => (name, (ServiceChange)new WithdrawService()))], change, it =>
                    $"{it.Name}: is being removed", cancel);
        });
    }
}
