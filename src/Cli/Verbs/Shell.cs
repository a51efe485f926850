using System.CommandLine;
using System.Globalization;
using Orchestrator.Cli.Suggestions;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Verbs;

/// <summary>What all verbs share: the options that are understood everywhere, and how a verb is carried out.</summary>
internal sealed class Shell(Surroundings around)
{
    public Surroundings Around => around;

    public Option<string?> Server { get; } = Everywhere(new Option<string?>("--server")
    {
        Description = "Address of a master, or several with commas between them [ORCHESTRATOR_SERVER]", HelpName = "addresses",
    });

    public Option<string?> Token { get; } = Everywhere(new Option<string?>("--token")
    {
        Description = "Token of the API [ORCHESTRATOR_TOKEN]", HelpName = "token",
    });

    public Option<string?> Context { get; } = Everywhere(new Option<string?>("--context")
    {
        Description = "One of your contexts in place of the current one [ORCHESTRATOR_CONTEXT]", HelpName = "name",
    });

    public Option<Form> Output { get; } = Everywhere(new Option<Form>("--output", "-o")
    {
        Description = "Form of results: table, wide, json, yaml or name", HelpName = "form",
        CustomParser = it => it.Tokens[0].Value switch
        {
            "table" => Form.Table,
            "wide" => Form.Wide,
            "json" => Form.Json,
            "yaml" => Form.Yaml,
            "name" => Form.Name,
            var other => Wrong(it, $"-o is table, wide, json, yaml or name, not '{other}'", Form.Table),
        },
    });

    public Option<string?> Format { get; } = Everywhere(new Option<string?>("--format")
    {
        Description = "A line for each result, with fields such as {{.Name}}", HelpName = "template",
    });

    public Option<bool> NoColor { get; } = Everywhere(new Option<bool>("--no-color") { Description = "No colours [NO_COLOR]" });

    public LiveNames Names => new(this);

    /// <summary>A verb, and how it is carried out; answers the exit code.</summary>
    public Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<Session, CancellationToken, Task<int>> act)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        }

        command.SetAction((parsed, cancel) => Faults.Told(this, parsed, act, cancel));
        return command;
    }

    /// <inheritdoc cref="Verb(string, string, IEnumerable{Symbol}, Func{Session, CancellationToken, Task{int}})"/>
    public Command Verb(string name, string description, IEnumerable<Symbol> symbols, Func<Session, CancellationToken, Task> act) =>
        Verb(name, description, symbols, async (session, cancel) =>
        {
            await act(session, cancel);
            return ExitCodes.Done;
        });

    /// <summary>The name of a service, completed by those that are there.</summary>
    public Argument<string> Service(string description = "The service") =>
        new("service") { Description = description, CompletionSources = { it => Names.Services() } };

    /// <summary>An instance as <c>web/2</c>, <c>web</c> or <c>web-2-r1-a1</c>.</summary>
    public Argument<string> Instance() => new("instance")
    {
        Description = "The instance in a slot (web/2), the only one of a service (web), or one by its name (web-2-r1-a1)",
        CompletionSources = { it => Names.Slots() },
    };

    public Argument<string> Worker() => new("worker") { Description = "The worker", CompletionSources = { it => Names.Workers() } };

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Number(string name, string description, int least, int most, string help = "number",
        params string[] aliases) =>
        new(name, aliases)
        {
            Description = description, HelpName = help,
            CustomParser = it =>
                int.TryParse(it.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most ? number
                : Wrong<int?>(it, $"{name} is a number from {least} to {most}, not '{it.Tokens[0].Value}'", null),
        };

    /// <summary>A number of cores.</summary>
    public static Option<double?> Cores(string name, string description) => new(name)
    {
        Description = description, HelpName = "number",
        CustomParser = it =>
            double.TryParse(it.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : Wrong<double?>(it, $"{name} is a number such as 0.5, not '{it.Tokens[0].Value}'", null),
    };

    public static T Wrong<T>(System.CommandLine.Parsing.ArgumentResult it, string why, T value)
    {
        it.AddError(why);
        return value;
    }

    private static Option<T> Everywhere<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
