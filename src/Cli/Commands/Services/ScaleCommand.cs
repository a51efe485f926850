using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Cli.Orders;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Commands.Services;

internal static class ScaleCommand
{
    public static Command Of(Shell shell)
    {
        var wanted = new Argument<string[]>("service=number")
        {
            Description = "How many are to run, of one service or several: web=5 api=2", Arity = ArgumentArity.OneOrMore,
            CompletionSources = { it =>
                shell.Names.Services().Select(name => new System.CommandLine.Completions.CompletionItem($"{name.Label}=")) },
        };
        var change = new ChangeOptions();
        return shell.Verb("scale", "Say how many instances are to run", [wanted, .. change.All], (session, cancel) => Changing.Of(
            session, [.. session.Get(wanted).Select(Parse)], change,
            it => $"{it.Name}: {Output.Words.Count(it.Spec.Instances, "instance")} wanted", cancel));
    }

    private static (string, ServiceChange) Parse(string text) =>
        text.Split('=') is [{ Length: > 0 } name, var number]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (name, new UpdateService(new JsonObject { ["instances"] = count }))
            : throw CliException.Usage($"'{text}' says not how many of which service", "orc scale web=5");
}
