using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Stacks;

/// <summary>Random stacks of up to six services without circles.</summary>
internal static class StackGens
{
    public static readonly string[] Names = ["a", "b", "c", "d", "e", "f"];

    private static readonly Gen<StackCondition> Conditions = Worlds.Any(StackCondition.Started, StackCondition.Healthy);

    /// <summary>Which are there, which image and number each has, on which of those before it in the order each depends.</summary>
    public static readonly Gen<StackSpec> Specs = Gen.Select(
        Gen.Shuffle(Names), Gen.Int[1, 6], Gen.Int[1, 3].Array[6], Gen.Int[1, 2].Array[6], Gen.Int[0, 3].Array[36], Conditions.Array[36])
        .Select(drawn => Of(drawn.Item1, drawn.Item2, drawn.Item3, drawn.Item4, drawn.Item5, drawn.Item6));

    public static ServiceSpec Service(string image, int instances = 1) =>
        new() { Container = new() { Image = image }, Instances = instances };

    public static StackSpec Of(params (string Name, string Image, string[] DependsOn)[] services) => new()
    {
        Services = ValueMap.To(services.Select(it => (it.Name, new StackService
        {
            Spec = Service(it.Image), DependsOn = new(it.DependsOn.Select(on => KeyValuePair.Create(on, StackCondition.Healthy))),
        })).ToArray()),
    };

    private static StackSpec Of(
        string[] order, int count, int[] images, int[] instances, int[] edges, StackCondition[] conditions) => new()
    {
        Services = ValueMap.To(order.Take(count).Select((name, at) => (name, new StackService
        {
            Spec = Service($"{name}:{images[at]}", instances[at]),
            DependsOn = new(order.Take(at).Select((on, before) => (on, Edge: (at * 6) + before)).Where(it => edges[it.Edge] == 0)
                .Select(it => KeyValuePair.Create(it.on, conditions[it.Edge]))),
        })).ToArray()),
    };
}
