using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Views;

/// <summary>What would be done, as steps with their reasons.</summary>
internal static class Plans
{
    private static readonly View<PlanStepView> Steps = new(
        it => it.Instance,
        new("", it => new(Sign(it), Colour(it))), new("STEP", it => new(it.Kind, Colour(it))), new("OF", it => it.Instance),
        new("WORKER", it => it.Worker), new("WHEN", it => it.After is { } after ? $"after {after}" : "at once"),
        new("WHY", it => it.Reason));

    public static void Show(Results results, string of, PlanView plan) =>
        results.One(plan, of, (to, isWide) => Write(to, of, plan, isWide));

    public static void Write(Writing to, string of, PlanView plan, bool isWide)
    {
        to.Line(plan.Steps.Count == 0 ? $"{of}: nothing would be done"
            : $"{of}: {Words.Count(plan.Steps.Count, "step")}, none of them taken");
        if (plan.Steps.Count > 0) to.Table(Steps.Titles(isWide), [.. plan.Steps.Select(it => Steps.Row(it, isWide))]);
        foreach (var waiting in plan.Waiting) to.Line($"{to.Paint("waits", Tone.Busy)}: {waiting}");
    }

    private static string Sign(PlanStepView step) => step.Kind switch
    {
        "run" or "prepare" or "set" => "+",
        "stop" or "forget" or "delete" or "remove-volume" or "lost" => "-",
        _ => "~",
    };

    private static Tone Colour(PlanStepView step) => Sign(step) switch
    {
        "+" => Tone.Good,
        "-" => Tone.Bad,
        _ => Tone.Busy,
    };
}
