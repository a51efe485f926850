using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What has to be done with which service, in which order, and why. Pure: the same situation gives the same waves.</summary>
internal static class StackPlan
{
    /// <summary>
    /// The way from what is there to what is wanted. Services come after all that they depend on; what is not wanted any more is removed
    /// last, those first on which nothing depends: should anything fail, it is still there.
    /// </summary>
    /// <param name="today">The wishes of the services that are there, by their names within the stack.</param>
    /// <param name="asked">What the stack was before, to tell what somebody has changed by hand since; none when it is new.</param>
    /// <param name="onTheWay">
    /// Services that a deployment which has been given up has touched: nobody has seen them well since, and one that is not there may come
    /// to be there yet.
    /// </param>
    public static ValueList<StackWave> Of(
        string stack, ValueMap<ServiceSpec> today, StackSpec wanted, StackSpec? asked, ValueList<string>? onTheWay = null)
    {
        var wishes = StackSpecs.All(stack, wanted);
        var before = StackSpecs.All(stack, asked);
        var kinds = wanted.Services.Keys.ToDictionary(name => name, name => KindOf(today[name], wishes[name]!), StringComparer.Ordinal);
        var touched = kinds.Where(it => it.Value != StackStepKind.Untouched).Select(it => it.Key).Concat(onTheWay ?? [])
            .ToHashSet(StringComparer.Ordinal);
        List<StackWave> waves = [];
        foreach (var wave in Waves.Of(wanted.Services))
        {
            waves.Add(new(wave.Select(name => new StackStep
            {
                Service = name,
                Kind = kinds[name],
                Reason = ReasonFor(kinds[name], today[name], wishes[name]!, before[name]),
                Until = UntilOf(name, wanted, touched),
            }).ToValueList()));
        }

        if (Late(wanted, touched) is { Count: > 0 } late) waves.Add(new(late));
        var unwanted = today.Keys.Concat(onTheWay ?? []).Where(name => !wanted.Services.ContainsKey(name)).Distinct();
        waves.AddRange(Removals(unwanted, asked));
        return waves.ToValueList();
    }

    /// <summary>Every service of the stack is restarted, those first on which others depend; jobs are left alone.</summary>
    public static ValueList<StackWave> Restart(ValueMap<ServiceSpec> today, StackSpec spec) =>
        Waves.Of(spec.Services)
            .Select(wave => new StackWave(wave.Where(name => today[name] is { Mode: not ServiceMode.Job }).Select(name => new StackStep
            {
                Service = name, Kind = StackStepKind.Restart, Reason = "restart of all instances", Until = StackCondition.Healthy,
            }).ToValueList()))
            .Where(wave => wave.Steps.Count > 0).ToValueList();

    /// <summary>
    /// The way back, in reverse order: what was created is removed, what was changed is what it was, what was removed is made again.
    /// </summary>
    /// <param name="waves">The way there.</param>
    /// <param name="former">What was touched, and how it was before.</param>
    public static ValueList<StackWave> Back(ValueList<StackWave> waves, ValueMap<FormerService> former)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        // The last wave in which a service occurs with something to do is that of which it goes back; the others repeat it.
        var order = waves.Reverse().Select(wave => wave.Steps.Where(it => former.ContainsKey(it.Service) && !IsOnlyWaitedFor(it, waves)
            && seen.Add(it.Service)).ToList()).ToList();
        // What a deployment before has touched, and this one has not come to.
        order.Add([.. former.Keys.Where(seen.Add).Select(it =>
            new StackStep { Service = it, Kind = StackStepKind.Untouched, Reason = "" })]);
        return order.Where(wave => wave.Count > 0)
            .Select(wave => new StackWave(wave.Select(it => Back(it, former[it.Service]!)).ToValueList())).ToValueList();
    }

    private static StackStep Back(StackStep step, FormerService former) => new()
    {
        Service = step.Service,
        Kind = former.Spec is null ? StackStepKind.Remove : step.Kind == StackStepKind.Remove ? StackStepKind.Create : StackStepKind.Update,
        Reason = former.Spec is null ? "there was none before"
            : step.Kind == StackStepKind.Remove ? $"it was there before, with image {former.Spec.Container.Image}"
            : $"it was {former.Spec.Container.Image} before",
        Until = former.Spec is null or { Mode: ServiceMode.Job } ? null : StackCondition.Healthy,
    };

    /// <summary>A step that stands for a service which has another one before.</summary>
    private static bool IsOnlyWaitedFor(StackStep step, ValueList<StackWave> waves) =>
        step.Kind == StackStepKind.Untouched
        && waves.Any(wave => wave.Steps.Any(it => it.Service == step.Service && it.Kind != StackStepKind.Untouched));

    private static StackStepKind KindOf(ServiceSpec? today, ServiceSpec wanted) =>
        today is null ? StackStepKind.Create : today == wanted ? StackStepKind.Untouched : StackStepKind.Update;

    private static string ReasonFor(StackStepKind kind, ServiceSpec? today, ServiceSpec wanted, ServiceSpec? before)
    {
        if (kind == StackStepKind.Create)
            return before is null ? $"there is none yet: {wanted.Container.Image}" : "somebody has removed it";
        if (kind == StackStepKind.Untouched) return "it is what is wanted";
        var words = SpecChange.Words(today!, wanted);
        return Drift(today!, before) is { } drift ? $"{words}; by hand somebody has changed {drift}" : words;
    }

    /// <summary>In which fields a service differs from what its stack wants, in words; none when it does not.</summary>
    public static string? Drift(ServiceSpec today, ServiceSpec? asked) =>
        asked is null || today == asked ? null : SpecChange.Words(asked, today);

    /// <summary>
    /// The most that one of those after it wants; those that are not touched want nothing. What nobody depends on is to be well itself.
    /// </summary>
    private static StackCondition? UntilOf(string name, StackSpec wanted, HashSet<string> touched)
    {
        var spec = wanted.Services[name]!.Spec;
        var asked = wanted.Services.Where(it => it.Value.DependsOn.ContainsKey(name))
            .Where(it => touched.Contains(name) || touched.Contains(it.Key))
            .Select(it => (StackCondition?)Endings.Of(spec, it.Value.DependsOn[name])).Max();
        return asked ?? (touched.Contains(name) ? Endings.Best(spec) : null);
    }

    /// <summary>What only had to start for the others is to be well in the end all the same.</summary>
    private static ValueList<StackStep> Late(StackSpec wanted, HashSet<string> touched) => wanted.Services
        .Where(it => touched.Contains(it.Key) && UntilOf(it.Key, wanted, touched) < Endings.Best(it.Value.Spec))
        .Select(it => new StackStep
        {
            Service = it.Key, Kind = StackStepKind.Untouched, Reason = "it has started before", Until = Endings.Best(it.Value.Spec),
        }).ToValueList();

    private static IEnumerable<StackWave> Removals(IEnumerable<string> unwanted, StackSpec? asked)
    {
        var services = new ValueMap<StackService>(unwanted.Select(name =>
            KeyValuePair.Create(name, asked?.Services[name] ?? new StackService())));
        return Waves.Of(services).Reverse().Select(wave => new StackWave(wave.Select(name => new StackStep
        {
            Service = name, Kind = StackStepKind.Remove, Reason = "the stack does not name it any more",
        }).ToValueList()));
    }
}
