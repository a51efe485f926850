using System.CommandLine;
using System.CommandLine.Parsing;
using Orchestrator.Cli.Suggestions;

namespace Orchestrator.Cli;

/// <summary>What is said of a command line that cannot be read.</summary>
internal static class Misused
{
    public static int Say(Surroundings around, ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = Path(parsed);
        var verbs = command.Subcommands.Where(it => !it.Hidden).ToList();
        if (verbs.Count > 0)
        {
            var words = parsed.UnmatchedTokens.FirstOrDefault(it => it.Length > 0 && it[0] != '-') is { } typed
                ? $"there is no verb '{typed}'{Nearest.DidYouMean(typed, verbs.SelectMany(it => it.Aliases.Append(it.Name)))}"
                : parsed.UnmatchedTokens.Count > 0 ? UnknownOption(parsed, command) : $"{path} needs a verb";
            return Faults.Say(around.Error, words, $"{path} --help lists what there is", ExitCodes.Usage);
        }

        var first = (StrayOption(parsed) ?? parsed.UnmatchedTokens.FirstOrDefault(it => it.Length > 1 && it[0] == '-')) is not null
            ? UnknownOption(parsed, command) : Plain(parsed.Errors[0].Message);
        return Faults.Say(around.Error, first, $"{path} --help tells how it is used", ExitCodes.Usage);
    }

    /// <summary>An option that was taken for an argument, for the verb has none of this name; none when all is well.</summary>
    public static string? StrayOption(ParseResult parsed)
    {
        var before = parsed.Tokens.TakeWhile(it => it.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>().Where(it => !it.Argument.CaptureRemainingTokens)
            .SelectMany(it => it.Tokens).FirstOrDefault(it => before.Contains(it) && it.Value is ['-', not (>= '0' and <= '9'), ..])?.Value;
    }

    private static string UnknownOption(ParseResult parsed, Command command)
    {
        var typed = (StrayOption(parsed) ?? parsed.UnmatchedTokens.First(it => it.Length > 1 && it[0] == '-')).Split('=')[0];
        var known = command.Options.Concat(parsed.RootCommandResult.Command.Options).Where(it => !it.Hidden)
            .SelectMany(it => it.Aliases.Append(it.Name)).Where(it => it.StartsWith("--", StringComparison.Ordinal));
        return $"there is no option '{typed}'{Nearest.DidYouMean(typed, known)}";
    }

    /// <summary>The parser's own words, as a sentence of ours.</summary>
    private static string Plain(string message) => $"{char.ToLowerInvariant(message[0])}{message[1..].TrimEnd('.')}";

    private static string Path(ParseResult parsed)
    {
        var names = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult)
            names.Insert(0, at.Parent is null ? "orc" : at.Command.Name);
        return string.Join(' ', names);
    }
}
