using CsCheck;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Stacks;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Stacks;

/// <summary>Whatever is lost, comes twice or late: in the end all is as it was wanted, or all is as it was.</summary>
public sealed class CourseProperties
{
    private static int Count => Math.Max(200, Worlds.Count / 100);

    private static readonly Gen<(StackSpec[] Specs, int Seed)> Stories =
        Gen.Select(StackGens.Specs.Array[2, 4], Gen.Int[0, int.MaxValue - 1]).Select(it => (it.Item1, it.Item2));

    [Fact]
    public void A_deployment_of_what_is_good_ends_with_what_was_wanted() => Stories.Sample(story =>
    {
        var world = new StackWorld(new Random(story.Seed));
        foreach (var spec in story.Specs)
        {
            Assert.Equal(ServiceOutcome.Done, world.Ask(new DeploySpec(Patient(spec))));
            world.Settle();
            Assert.Equal(DeploymentState.Done, world.Record!.Current!.Told.State);
            Assert.Equal(StackSpecs.All("shop", spec), world.There);
            Assert.Empty(world.Record.Former);
        }

        Assert.Equal(ServiceOutcome.Done, world.Ask(new RemoveStack()));
        world.Settle();
        Assert.Equal((true, 0), (world.Record!.IsGone, world.There.Count));
    }, iter: Count);

    [Fact]
    public void A_deployment_of_something_bad_ends_with_what_was_before() => Stories.Sample(story =>
    {
        var world = new StackWorld(new Random(story.Seed));
        world.Ask(new DeploySpec(Patient(story.Specs[0])));
        world.Settle();
        var before = world.There;
        var bad = story.Specs[1].Services.Keys.ElementAt(story.Seed % story.Specs[1].Services.Count);
        var broken = With(story.Specs[1], bad, "broken:1");
        world.Bad["broken:1"] = story.Seed % 2 == 0;
        world.Ask(new DeploySpec(Patient(broken)));
        world.Settle();
        var told = world.Record!.Current!.Told;
        Assert.True(told.State == DeploymentState.RolledBack, $"{told}");
        Assert.StartsWith($"{bad}: ", told.Reason, StringComparison.Ordinal);
        Assert.Equal(before, world.There);
        Assert.Equal(Patient(story.Specs[0]), world.Record.Asked);
        // And what is good can be deployed upon it.
        world.Ask(new DeploySpec(Patient(story.Specs[1])));
        world.Settle();
        Assert.Equal(StackSpecs.All("shop", story.Specs[1]), world.There);
    }, iter: Count);

    [Fact]
    public void Whatever_supersedes_what_and_is_cancelled_in_the_end_all_is_of_one_piece() => Stories.Sample(story =>
    {
        var dice = new Random(story.Seed);
        var world = new StackWorld(new Random(story.Seed + 1));
        world.Bad["broken:1"] = dice.Next(2) == 0;
        ValueMap<ServiceSpec> good = new([]);
        var wanted = story.Specs[0];
        world.Ask(new DeploySpec(Patient(wanted)));
        for (var round = 0; round < 12; round++)
        {
            for (var steps = dice.Next(12); steps > 0 && world.Step();) steps--;
            if (world.Record!.Current!.Told.State == DeploymentState.Done) good = StackSpecs.All("shop", world.Record.Asked);
            if (dice.Next(3) == 0)
            {
                world.Ask(new CancelDeployment());
            }
            else
            {
                wanted = story.Specs[dice.Next(story.Specs.Length)];
                if (dice.Next(3) == 0) wanted = With(wanted, wanted.Services.Keys.First(), "broken:1");
                Assert.Equal(ServiceOutcome.Done, world.Ask(new DeploySpec(Patient(wanted))));
            }
        }

        world.Settle();
        var state = world.Record!.Current!.Told.State;
        if (state == DeploymentState.Done) good = StackSpecs.All("shop", world.Record.Asked);
        else Assert.True(state is DeploymentState.RolledBack or DeploymentState.Cancelled, $"{world.Record.Current.Told}");
        Assert.Equal(good, world.There);
        Assert.Equal(good, StackSpecs.All("shop", world.Record.Asked));
    }, iter: Count);

    /// <summary>Much is lost in these worlds: what is good needs its time.</summary>
    private static StackSpec Patient(StackSpec spec) => spec with { Deadline = TimeSpan.FromHours(2) };

    private static StackSpec With(StackSpec spec, string name, string image) => spec with
    {
        Services = spec.Services.With(name, spec.Services[name]! with { Spec = StackGens.Service(image) }),
    };
}
