using Orchestrator.Cli.Output;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Cli.Views;

/// <summary>What would be done to a stack, wave after wave, and what each service itself would do.</summary>
internal static class StackPlans
{
    private static readonly View<(int Wave, StackPlanStep Step)> Steps = new(
        it => it.Step.Service,
        new("WAVE", it => $"{it.Wave}"), new("", it => new(Sign(it.Step), Colour(it.Step))), new("SERVICE", it => it.Step.Service),
        new("STEP", it => new(it.Step.Kind.Word(), Colour(it.Step))), new("UNTIL", it => it.Step.Until?.Word()),
        new("WHY", it => it.Step.Reason));

    public static void Show(Results results, string name, StackPlanView plan) => results.One(plan, name, (to, isWide) =>
    {
        var steps = plan.Waves.Index().SelectMany(wave => wave.Item.Steps, (wave, step) => (Wave: wave.Index + 1, Step: step)).ToList();
        var touched = steps.Count(it => it.Step.Kind != StackStepKind.Untouched);
        to.Line(touched == 0 ? $"{name}: nothing would be done"
            : $"{name}: {Words.Count(touched, "service")} in {Words.Count(plan.Waves.Count, "wave")}, nothing done");
        if (steps.Count > 0) to.Table(Steps.Titles(isWide), [.. steps.Select(it => Steps.Row(it, isWide))]);
        foreach (var (_, step) in steps.Where(it => it.Step.Plan is { Steps.Count: > 0 } or { Waiting.Count: > 0 }))
        {
            to.Line();
            Plans.Write(to, step.Service, step.Plan!, isWide);
        }
    });

    private static string Sign(StackPlanStep step) => step.Kind switch
    {
        StackStepKind.Create => "+",
        StackStepKind.Remove => "-",
        StackStepKind.Untouched => "",
        _ => "~",
    };

    private static Tone Colour(StackPlanStep step) => step.Kind switch
    {
        StackStepKind.Create => Tone.Good,
        StackStepKind.Remove => Tone.Bad,
        StackStepKind.Untouched => Tone.Faint,
        _ => Tone.Busy,
    };
}
