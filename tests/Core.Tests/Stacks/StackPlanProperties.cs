using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Stacks;

public sealed class StackPlanProperties
{
    private static int Count => Math.Max(200, Worlds.Count / 4);

    private static readonly Gen<(StackSpec Asked, StackSpec Wanted, bool[] Gone)> Changes =
        Gen.Select(StackGens.Specs, StackGens.Specs, Gen.Bool.Array[6]).Select(it => (it.Item1, it.Item2, it.Item3));

    [Fact]
    public void Every_service_has_one_thing_done_to_it_and_comes_after_all_it_depends_on() => Changes.Sample(change =>
    {
        var (asked, wanted, today) = Of(change);
        var waves = StackPlan.Of("shop", today, wanted, asked);
        var at = waves.Index().SelectMany(wave => wave.Item.Steps.Select(step => (step, wave.Index)))
            .Where(it => it.step.Reason != "it has started before").ToDictionary(it => it.step.Service, it => it.Index);
        Assert.Equal(wanted.Services.Keys.Union(today.Keys).Order(StringComparer.Ordinal), at.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, service) in wanted.Services)
            Assert.All(service.DependsOn.Keys, on => Assert.True(at[on] < at[name], $"{name} comes before {on}"));
    }, iter: Count);

    [Fact]
    public void What_is_removed_goes_last_and_before_all_that_it_depended_on() => Changes.Sample(change =>
    {
        var (asked, wanted, today) = Of(change);
        var steps = StackPlan.Of("shop", today, wanted, asked).Index()
            .SelectMany(wave => wave.Item.Steps.Select(step => (step, wave.Index))).ToList();
        var removed = steps.Where(it => it.step.Kind == StackStepKind.Remove).ToDictionary(it => it.step.Service, it => it.Index);
        var last = steps.Where(it => it.step.Kind != StackStepKind.Remove).Max(it => it.Index);
        Assert.All(removed.Values, at => Assert.True(at > last));
        foreach (var name in removed.Keys)
        {
            foreach (var on in asked.Services[name]?.DependsOn.Keys.Where(removed.ContainsKey) ?? [])
                Assert.True(removed[name] < removed[on], $"{on} is removed while {name} depends on it");
        }
    }, iter: Count);

    [Fact]
    public void Only_what_differs_is_touched_and_what_is_there_already_needs_nothing() => Changes.Sample(change =>
    {
        var (asked, wanted, today) = Of(change);
        var wishes = StackSpecs.All("shop", wanted);
        foreach (var step in StackPlan.Of("shop", today, wanted, asked).SelectMany(wave => wave.Steps))
        {
            var isSame = today[step.Service] == wishes[step.Service];
            if (step.Kind is StackStepKind.Create) Assert.Null(today[step.Service]);
            if (step.Kind is StackStepKind.Update) Assert.False(isSame);
        }

        var again = StackPlan.Of("shop", wishes, wanted, wanted);
        Assert.All(again.SelectMany(wave => wave.Steps), step =>
            Assert.Equal((StackStepKind.Untouched, (StackCondition?)null), (step.Kind, step.Until)));
    }, iter: Count);

    [Fact]
    public void The_way_back_undoes_the_way_there_in_reverse_order() => Changes.Sample(change =>
    {
        var (asked, wanted, today) = Of(change);
        var waves = StackPlan.Of("shop", today, wanted, asked);
        var former = new ValueMap<FormerService>(waves.SelectMany(wave => wave.Steps).Where(it => it.Kind != StackStepKind.Untouched)
            .Select(it => KeyValuePair.Create(it.Service, new FormerService(today[it.Service]))));
        var back = StackPlan.Back(waves, former);
        var there = waves.Index().SelectMany(it => it.Item.Steps.Select(step => (step, it.Index)))
            .Where(it => it.step.Kind != StackStepKind.Untouched).ToDictionary(it => it.step.Service);
        var order = back.Index().SelectMany(it => it.Item.Steps.Select(step => (step, it.Index))).ToList();
        Assert.Equal(former.Keys, order.Select(it => it.step.Service).Order(StringComparer.Ordinal));
        foreach (var (one, first) in order)
        {
            Assert.Equal(there[one.Service].step.Kind switch
            {
                StackStepKind.Create => StackStepKind.Remove, StackStepKind.Remove => StackStepKind.Create, _ => StackStepKind.Update,
            }, one.Kind);
            foreach (var (other, second) in order)
            {
                if (first < second) Assert.True(there[one.Service].Index > there[other.Service].Index);
            }
        }
    }, iter: Count);

    [Fact]
    public void The_same_situation_gives_the_same_plan() => Changes.Sample(change =>
    {
        var (asked, wanted, today) = Of(change);
        Assert.Equal(StackPlan.Of("shop", today, wanted, asked), StackPlan.Of("shop", today, wanted, asked));
    }, iter: Count);

    /// <summary>What was asked for is there, but for what somebody has removed by hand.</summary>
    private static (StackSpec Asked, StackSpec Wanted, ValueMap<ServiceSpec> Today) Of(
        (StackSpec Asked, StackSpec Wanted, bool[] Gone) change) =>
        (change.Asked, change.Wanted, new(StackSpecs.All("shop", change.Asked)
            .Where(it => !change.Gone[Array.IndexOf(StackGens.Names, it.Key)])));
}
