using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>What a keeper does for the stack of its service.</summary>
public sealed class KeeperStackExamples
{
    private static FollowStack Order(int deployment, string? image) => new(
        new("shop", deployment, 0), image is null ? null
        : new ServiceSpec { Container = new() { Image = image }, Labels = ValueMap.Of((StackNames.StackLabel, "shop")) });

    [Fact]
    public async Task Its_stack_hears_when_it_is_otherwise_and_not_at_every_turn()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Order(1, "web:1"));
        await stage.Hear("a");
        stage.Journal.Clear();
        await stage.Report("a", "web-1-r1-a1", Contracts.Instances.Phase.Running);
        Assert.Equal(["tells stack shop"], stage.Take("tells stack"));
        await stage.Keeper.LookAgain("nothing has happened");
        Assert.Empty(stage.Take("tells stack"));
    }

    [Fact]
    public async Task What_never_was_leaves_a_tombstone_that_meets_what_comes_late()
    {
        var stage = new ServiceStage("a");
        Assert.Equal(ServiceOutcome.Done, (await stage.Ask(Order(2, null))).Outcome);
        var gone = await stage.Keeper.Get();
        Assert.Equal((ServiceOutcome.Unknown, new StackMark("shop", 2, 0)), (gone.Outcome, gone.Stack));
        Assert.Equal(ServiceOutcome.Overtaken, (await stage.Ask(Order(1, "web:1"))).Outcome);
        Assert.Empty(stage.Take("sends"));
    }
}
