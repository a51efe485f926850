using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orchestrator.Cli.Views;

/// <summary>A deployment on its way, wave by wave.</summary>
internal static class StackWaves
{
    private const int Most = 30;

    public static IRenderable Of(string name, StackDeployment deployment, DateTimeOffset now)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap())
            .AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn());
        var steps = Steps(deployment).ToList();
        foreach (var (wave, step) in steps.Take(Most))
        {
            grid.AddRow(
                new Markup($"[grey]{wave.EscapeMarkup()}[/]"), new Markup($"[{Colour(step)}]{Sign(step)}[/]"), new Text(step.Service),
                new Markup($"[{Colour(step)}]{Word(step).EscapeMarkup()}[/]"), new Text(Note(step, now)));
        }

        var head = new Markup($"[bold]{name.EscapeMarkup()}[/] [grey]{Head(deployment).EscapeMarkup()}[/]");
        return steps.Count <= Most ? new Rows(head, grid)
            : new Rows(head, grid, new Markup($"[grey]and {steps.Count - Most} more[/]"));
    }

    /// <summary>What there is to tell, each line once.</summary>
    public static IEnumerable<string> Lines(string name, StackDeployment deployment)
    {
        yield return $"{name}: {Head(deployment)}";
        foreach (var (wave, step) in Steps(deployment).Where(it => it.Step.State != StackStepState.Waiting))
            yield return $"{name}: {wave}: {step.Service}: {Word(step)}{(step.Note is { } note ? $": {note}" : "")}";
    }

    private static string Head(StackDeployment it) =>
        $"deployment {it.Id}, {it.Action.Word()}, is {it.State.Word()}{(it.Reason is { } reason ? $": {reason}" : "")}";

    private static IEnumerable<(string Wave, StackStep Step)> Steps(StackDeployment deployment) =>
        deployment.Waves.Index().SelectMany(wave => wave.Item.Steps, (wave, step) => ($"wave {wave.Index + 1}", step))
            .Concat(deployment.Back.Index().SelectMany(wave => wave.Item.Steps, (wave, step) => ($"back {wave.Index + 1}", step)));

    private static string Word(StackStep step) => step switch
    {
        { Kind: StackStepKind.Untouched } => "untouched",
        { State: StackStepState.Waiting } => $"{step.Kind.Word()} waits for its turn",
        { State: StackStepState.Done } => step.Until is { } until ? until.Word() : step.Kind == StackStepKind.Remove ? "removed" : "done",
        { State: StackStepState.Failed } => "failed",
        _ => $"{step.Kind.Word()} {step.State.Word()}",
    };

    private static string Note(StackStep step, DateTimeOffset now) => string.Join(", ", new[]
    {
        step.Note, step.State is StackStepState.Applying or StackStepState.Applied ? Words.Age(step.Since, now) : null,
    }.Where(it => !string.IsNullOrEmpty(it)));

    private static string Sign(StackStep step) => step.State switch
    {
        StackStepState.Done => "✓",
        StackStepState.Failed => "✗",
        StackStepState.Waiting => "·",
        _ => "…",
    };

    private static string Colour(StackStep step) => step.State switch
    {
        StackStepState.Done => "green",
        StackStepState.Failed => "red",
        StackStepState.Waiting => "grey",
        _ => "yellow",
    };
}
