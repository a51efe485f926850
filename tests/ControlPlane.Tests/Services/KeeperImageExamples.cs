using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Answers;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>Which images workers must keep for a service.</summary>
public sealed class KeeperImageExamples
{
    [Fact]
    public async Task What_is_in_force_and_what_was_before_is_needed_and_both_ends_of_a_rollout()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        await stage.ProveGood();
        Assert.Equal(["web:1"], await stage.Keeper.NeededImages("a"));
        foreach (var image in new[] { "web:2", "web:3" }) await stage.Ask(new UpdateService(new() { ["image"] = image }));
        // The rollout may still return to the first.
        Assert.Equal(["web:1", "web:2", "web:3"], await stage.Keeper.NeededImages("a"));
        var settled = stage.Store.Stored! with { Rollout = null, Slots = [], Instances = [] };
        Assert.Equal(["web:2", "web:3"], NeededImages.Of(settled, "a"));
    }

    [Fact]
    public async Task A_service_that_is_not_there_needs_nothing() => Assert.Empty(await new ServiceStage("a").Keeper.NeededImages("a"));
}
