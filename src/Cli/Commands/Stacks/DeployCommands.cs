using System.CommandLine;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Cli.Views;
using Orchestrator.Compose;
using Orchestrator.Compose.Answers;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Stacks;

/// <summary>What is done with compose files.</summary>
internal static class DeployCommands
{
    public static IEnumerable<Command> Of(Shell shell) => [Deploy(shell), Plan(shell), Convert(shell)];

    private static Command Deploy(Shell shell)
    {
        var compose = new ComposeOptions();
        var change = new ChangeOptions();
        return shell.Verb("deploy", "Deploy the services of compose files as a stack", [.. compose.All, .. change.All], async (session, cancel) =>
        {
            var composed = compose.Read(session);
            if (session.Get(change.DryRun)) return await Show(session, composed, cancel);
            await StackContent.Put(session, composed, session.Get(change.Why), cancel);
            return await StackChanging.Of(session, composed.Name, new DeploySpec(composed.Stack!), change, cancel);
        });
    }

    private static Command Plan(Shell shell)
    {
        var compose = new ComposeOptions();
        return shell.Verb("plan", "Show what deploying compose files would change", [.. compose.All],
            (session, cancel) => Show(session, compose.Read(session), cancel));
    }

    private static Command Convert(Shell shell)
    {
        var compose = new ComposeOptions();
        return shell.Verb("convert", "Show the stack that compose files come to, as YAML or with -o json", [.. compose.All], (session, _) =>
        {
            var composed = compose.Read(session);
            foreach (var needed in composed.Content)
            {
                var words = needed.External ? "must be there" : "is put before the stack by orc deploy";
                session.Error.Line($"{session.Error.Paint("needs:", Tone.Faint)} {needed.Kind.Word()} {needed.Name}, which {words}");
            }

            var stack = BriefStack.Of(composed.Stack!);
            session.Results.One(stack, composed.Name, (to, _) => to.Writer.Write(Yaml.Of(stack)));
            return Task.CompletedTask;
        });
    }

    private static async Task<int> Show(Session session, Composed composed, CancellationToken cancel)
    {
        var (stack, missing) = await StackContent.Without(session, composed, cancel);
        foreach (var needed in missing) session.Remark($"+ {needed.Kind.Word()} {needed.Name} would be put before the stack");
        var plan = await session.Client.Stacks.Plan(composed.Name, new DeploySpec(stack), cancel: cancel);
        StackPlans.Show(session.Results, composed.Name, plan);
        return ExitCodes.Done;
    }
}
