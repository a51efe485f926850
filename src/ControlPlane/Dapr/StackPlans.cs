using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>What a change of a stack would do: the waves, and what each of its services says to its part.</summary>
internal sealed class StackPlans(StackServices services)
{
    /// <summary>A dry run is kept by nobody, so any mark will do that comes after all others.</summary>
    private const long AfterAll = long.MaxValue;

    /// <returns>The plan, or what stands against it: by path what somebody asked for, otherwise without.</returns>
    /// <exception cref="NoAnswerException">A service does not answer.</exception>
    public async Task<(StackPlanView? Plan, ValueList<FieldProblem> Problems, string? Conflict)> Of(
        string stack, StackTarget target, CancellationToken cancel)
    {
        var names = target.Members.Union(target.Spec.Services.Keys).Order(StringComparer.Ordinal).ToValueList();
        var sights = await services.Look(stack, new(AfterAll, 0, 0, names, WithSpecs: true), cancel);
        if (sights.FirstOrDefault(it => !it.IsSeen) is { } silent)
            throw new NoAnswerException(StackNames.Service(stack, silent.Service), new TimeoutException("it was not seen"));
        if (Planning.Stranger(stack, sights, target.Spec) is { } stranger) return (null, [], stranger);
        var today = Planning.Today(stack, sights);
        var waves = target.Action == StackAction.Restart ? StackPlan.Restart(today, target.Spec)
            : StackPlan.Of(stack, today, target.Spec, target.Asked);
        List<StackPlanWave> told = [];
        List<FieldProblem> problems = [];
        foreach (var wave in waves)
        {
            var answers = await Task.WhenAll(wave.Steps.Select(step => Ask(stack, step, target, cancel)));
            told.Add(new(wave.Steps.Zip(answers, (step, answer) =>
                new StackPlanStep(step.Service, step.Kind, step.Reason, step.Until, answer?.Plan)).ToValueList()));
            problems.AddRange(wave.Steps.Zip(answers).SelectMany(it => it.Second?.Problems
                .Select(problem => problem with { Field = $"services.{it.First.Service}.{problem.Field}".TrimEnd('.') }) ?? []));
        }

        return (new(told.ToValueList()), problems.ToValueList(), null);
    }

    private async Task<ServiceAnswer?> Ask(string stack, StackStep step, StackTarget target, CancellationToken cancel)
    {
        if (step.Kind == StackStepKind.Untouched) return null;
        var spec = step.Kind == StackStepKind.Remove ? null : StackSpecs.Of(stack, step.Service, target.Spec.Services[step.Service]!);
        return await services.Try(stack, step.Service, new(new(stack, AfterAll, 0), spec, step.Kind == StackStepKind.Restart), cancel);
    }
}
