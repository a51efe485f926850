using System.CommandLine;
using System.Runtime.CompilerServices;
using Orchestrator.Cli.Output;
using Orchestrator.Client;

namespace Orchestrator.Cli.Tests;

/// <summary>What holds of all verbs.</summary>
public sealed class EveryVerb
{
    [Fact]
    public void Every_verb_option_and_argument_says_what_it_is() =>
        Assert.Equal("", string.Join("\n", All(Tree()).SelectMany(command => command.Options.Cast<Symbol>().Concat(command.Arguments).Append(command)
            .Where(it => !command.Hidden && string.IsNullOrEmpty(it.Description)).Select(it => $"{command.Name} {it.Name}"))));

    [Fact]
    public void No_verb_gives_an_option_two_meanings() =>
        Assert.Equal("", string.Join("\n", All(Tree()).SelectMany(command => command.Options.Concat(Tree().Options)
            .SelectMany(it => it.Aliases.Append(it.Name).Distinct()).GroupBy(it => it)
                .Where(it => it.Count() > (command is RootCommand ? 2 : 1))
            .Select(it => $"{command.Name} {it.Key}"))));

    [Fact]
    public void Every_verb_is_told_in_the_documentation()
    {
        var told = File.ReadAllText(Path.Combine(Root(), "docs", "cli.md"));
        Assert.Equal("", string.Join("\n", All(Tree()).Where(it => it is not RootCommand && it.Subcommands.Count == 0 && !it.Hidden)
            .Select(it => string.Join(' ', Parents(it).Skip(1).Prepend("orc")))
                .Where(it => !told.Contains($"`{it}", StringComparison.Ordinal))));
    }

    [Fact]
    public void Whatever_destroys_asks_first_and_shows_what_it_would_do() =>
        Assert.Equal("", string.Join("\n", All(Tree()).Where(it => it.Name is "rm" && !Parents(it).Contains("context"))
            .Where(it => !it.Options.Any(option => option.Name == "--yes") || !it.Options.Any(option => option.Name == "--dry-run"))
            .Select(it => string.Join(' ', Parents(it)))));

    private static RootCommand Tree() => Cli.Root.Of(new Surroundings
    {
        Out = new Writing(TextWriter.Null), Error = new Writing(TextWriter.Null), In = TextReader.Null, MayAsk = false,
        Variable = _ => null,
        Connect = it => new OrchestratorClient(it), Clock = TimeProvider.System, Browse = _ => false, Terminal = new RealTerminal(),
    });

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    private static IEnumerable<string> Parents(Command command) =>
        command.Parents.OfType<Command>().SelectMany(Parents).Append(command.Name);
}
