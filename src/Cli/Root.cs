using System.CommandLine;
using System.CommandLine.Invocation;
using Orchestrator.Cli.Commands;
using Orchestrator.Cli.Commands.Completion;
using Orchestrator.Cli.Commands.Content;
using Orchestrator.Cli.Commands.Contexts;
using Orchestrator.Cli.Commands.Looking;
using Orchestrator.Cli.Commands.Members;
using Orchestrator.Cli.Commands.Services;
using Orchestrator.Cli.Commands.Stacks;

namespace Orchestrator.Cli;

/// <summary>All verbs.</summary>
internal static class Root
{
    public static RootCommand Of(Surroundings around)
    {
        var shell = new Shell(around);
        RootCommand root = null!;
        root = new RootCommand("The command line of the Orchestrator")
        {
            shell.Server, shell.Token, shell.Context, shell.Output, shell.Format, shell.NoColor,
        };
        IEnumerable<Command> verbs =
        [
            RunCommand.Of(shell), .. ListCommands.Of(shell), PsCommand.Of(shell), LogsCommand.Of(shell), ScaleCommand.Of(shell),
            UpdateCommand.Of(shell), JobCommands.Of(shell), .. RolloutCommands.Of(shell), .. WhyCommands.Of(shell), RemoveCommand.Of(shell),
            InspectCommand.Of(shell), ExecCommand.Of(shell), StatsCommand.Of(shell), TopCommand.Of(shell), EventsCommand.Of(shell),
            .. DeployCommands.Of(shell), StackCommands.Of(shell), MembersCommand.Of(shell), .. DrainCommands.Of(shell),
            MaintenanceCommands.Of(shell),
            SecretCommands.Of(shell), ConfigCommands.Of(shell), RegistryCommands.Of(shell), VolumeCommands.Of(shell),
            .. BackupCommands.Of(shell),
            ContextCommands.Of(shell), OpenCommand.Of(shell), .. CompletionCommands.Of(shell, () => root),
        ];
        foreach (var verb in verbs) root.Add(verb);
        return root;
    }

    /// <summary>Parses and carries out; answers the exit code.</summary>
    public static Task<int> Run(Surroundings around, IReadOnlyList<string> arguments, CancellationToken cancel = default)
    {
        var root = Of(around);
        var parsed = root.Parse(arguments);
        // What cannot be read is said in our words, and is no failure but a usage error to scripts.
        if (parsed.Action is ParseErrorAction || Misused.StrayOption(parsed) is not null)
            return Task.FromResult(Misused.Say(around, parsed));

        return parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = around.Out.Writer, Error = around.Error.Writer, EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(5),
            }, cancel);
    }
}
