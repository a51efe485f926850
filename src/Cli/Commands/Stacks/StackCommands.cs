using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Views;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.Cli.Commands.Stacks;

/// <summary>Applications of several services as one thing.</summary>
internal static class StackCommands
{
    public static Command Of(Shell shell) => new("stack", "Applications of several services")
    {
        List(shell), Inspect(shell), Services(shell), Instances(shell), RollBack(shell), Restart(shell),
        Decide(shell, "cancel", "Have the deployment under way go back to what was before", new CancelDeployment()),
        Decide(shell, "resume", "Try again what made a deployment stop", new ResumeDeployment()),
        Remove(shell),
    };

    private static Argument<string> Name(Shell shell) =>
        new("stack") { Description = "The stack", CompletionSources = { _ => shell.Names.Stacks() } };

    private static Command List(Shell shell) => shell.Verb("ls", "List all stacks", [], async (session, cancel) =>
    {
        var all = await session.Client.Stacks.List(cancel: cancel).ToListAsync(cancel);
        session.Results.List(Views.Stacks.Lines(session.Now), all, none: "there is no stack; orc deploy -f compose.yaml makes one");
    });

    private static Command Inspect(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("inspect", "All about one stack", [name], async (session, cancel) =>
        {
            var stack = await session.Client.Stacks.Get(session.Get(name), cancel);
            session.Results.One(stack, stack.Name, (to, isWide) => Views.Stacks.Details(stack, session.Now, to, isWide));
        });
    }

    private static Command Services(Shell shell)
    {
        var name = Name(shell);
        return shell.Verb("services", "List the services of a stack", [name], async (session, cancel) =>
        {
            var stack = await session.Client.Stacks.Get(session.Get(name), cancel);
            session.Results.List(Views.Stacks.Services, [.. stack.Services], none: $"{stack.Name} has no services");
        });
    }

    private static Command Instances(Shell shell)
    {
        var name = Name(shell);
        var watch = new Option<bool>("--watch", "-w") { Description = "Again whenever something changes" };
        return shell.Verb("ps", "List the instances of a stack", [name, watch], async (session, cancel) =>
        {
            Task<List<InstanceView>> Look(CancellationToken stop) => All(session, session.Get(name), stop);
            if (session.Get(watch)) await Watching.Of(session, Views.Instances.Of, Look, cancel);
            else
                session.Results.List(Views.Instances.Of(session.Now), await Look(cancel),
                    none: $"no instance runs; orc stack services {session.Get(name)} tells what each service waits for");
        });
    }

    private static async Task<List<InstanceView>> All(Session session, string name, CancellationToken cancel)
    {
        var stack = await session.Client.Stacks.Get(name, cancel);
        var services = await Task.WhenAll(
            stack.Services.Where(it => it.Exists).Select(it => session.Client.Services.Find(it.Service, cancel)));
        return [.. services.SelectMany(it => it?.Instances ?? [])];
    }

    private static Command RollBack(Shell shell)
    {
        var name = Name(shell);
        var to = Shell.Number("--to", "A deployment that proved good; the one before by default", 1, int.MaxValue, "deployment");
        var change = new ChangeOptions();
        return shell.Verb("rollback", "Deploy again what proved good before", [name, to, .. change.All], (session, cancel) =>
            StackChanging.Of(session, session.Get(name), new RollBackStack(session.Get(to)), change, cancel));
    }

    private static Command Restart(Shell shell)
    {
        var name = Name(shell);
        var change = new ChangeOptions();
        return shell.Verb("restart", "Restart all services, in the order of their dependencies", [name, .. change.All], (session, cancel) =>
            StackChanging.Of(session, session.Get(name), new RestartStack(), change, cancel));
    }

    private static Command Decide(Shell shell, string verb, string description, StackChange wish)
    {
        var name = Name(shell);
        var change = new ChangeOptions();
        return shell.Verb(verb, description, [name, change.Why, change.Wait, change.Timeout], (session, cancel) =>
            StackChanging.Of(session, session.Get(name), wish, change, cancel));
    }

    private static Command Remove(Shell shell)
    {
        var name = Name(shell);
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var change = new ChangeOptions();
        return shell.Verb("rm", "Remove all services of a stack, in reverse order", [name, yes, .. change.All], async (session, cancel) =>
        {
            // What is not there is said before anybody is asked, and what would end is.
            var stack = await session.Client.Stacks.Get(session.Get(name), cancel);
            if (!session.Get(change.DryRun))
                Asking.Sure(session, session.Get(yes), $"Remove {stack.Name} with {Output.Words.Count(stack.Services.Count, "service")}?");
            return await StackChanging.Of(session, stack.Name, new RemoveStack(), change, cancel);
        });
    }
}
