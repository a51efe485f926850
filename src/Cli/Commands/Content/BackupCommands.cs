using System.CommandLine;
using System.Text.Json;
using Orchestrator.Cli.Orders;
using Orchestrator.Cli.Output;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Commands.Content;

/// <summary>All that is decided as one document, and back again.</summary>
internal static class BackupCommands
{
    private static readonly View<RestoredItem> View = new(
        it => $"{it.Part}/{it.Name}", new("PART", it => it.Part), new("NAME", it => it.Name),
        new("OUTCOME", it => new(it.Outcome.Word(), it.Outcome is RestoreOutcome.Refused or RestoreOutcome.Failed ? Tone.Bad : Tone.Good)),
        new("WHY", it => it.Reason));

    public static IEnumerable<Command> Of(Shell shell) => [Backup(shell), Restore(shell)];

    private static Command Backup(Shell shell)
    {
        var to = new Argument<string?>("file") { Description = "Where to write it; standard output by default",
            Arity = ArgumentArity.ZeroOrOne };
        return shell.Verb("backup", "All that is decided, as one JSON document; secrets in specs too", [to], async (session, cancel) =>
        {
            var backup = await session.Client.Backups.Get(cancel);
            var text = JsonSerializer.Serialize(backup, ContractsJson.Options);
            if (session.Get(to) is not { } file) session.Out.Line(text);
            else await Write(file, text, cancel);
            foreach (var missing in backup.Missing ?? []) session.Error.Line($"# {missing}");
            if (session.Get(to) is { } written) session.Error.Line($"written to {written}, which only you may read");
        });
    }

    private static async Task Write(string file, string text, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(file, options);
        await writer.WriteAsync(text.AsMemory(), cancel);
    }

    private static Command Restore(Shell shell)
    {
        var options = new ContentOptions();
        var from = new Argument<string>("file") { Description = "A backup; - reads standard input" };
        var replace = new Option<bool>("--replace") { Description = "Change what is there and differs to what the backup says" };
        return shell.Verb(
            "restore", "Put back what a backup holds; what runs of it goes on", [from, replace, options.Yes, options.Why, options.DryRun],
            async (session, cancel) =>
            {
                var file = session.Get(from);
                var backup = Parse(file == "-" ? await session.Around.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(file, cancel), file);
                var dryRun = session.Get(options.DryRun);
                if (session.Get(replace) && !dryRun)
                    Asking.Sure(session, session.Get(options.Yes), "Change what differs to what the backup says?");
                var answer = await session.Client.Backups.Restore(backup, session.Get(replace), session.Get(options.Why), dryRun, cancel);
                session.Results.List(View, answer.Items, answer, none: "the backup holds nothing");
                return answer.Items.Any(it => it.Outcome is RestoreOutcome.Failed) ? ExitCodes.Failed
                    : answer.Items.Any(it => it.Outcome == RestoreOutcome.Refused) ? ExitCodes.Conflict : ExitCodes.Done;
            });
    }

    private static Backup Parse(string text, string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Backup>(text, ContractsJson.Options) is { Parts: not null } backup ? backup
                : throw CliException.Usage($"{file} holds no backup");
        }
        catch (JsonException e)
        {
            throw CliException.Usage($"{file} holds no backup: {e.Message}");
        }
    }
}
