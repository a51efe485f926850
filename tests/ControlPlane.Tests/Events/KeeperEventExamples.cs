using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;
using Orchestrator.ControlPlane.Tests.Members;
using Orchestrator.ControlPlane.Tests.Services;

namespace Orchestrator.ControlPlane.Tests.Events;

/// <summary>What keepers tell of their turns, as a listener hears it.</summary>
public sealed class KeeperEventExamples
{
    [Fact]
    public async Task The_life_of_an_instance_is_told_phase_by_phase()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create("""{"image":"web:1"}"""));
        foreach (var phase in new[] { Phase.Starting, Phase.Starting, Phase.Running, Phase.Paused, Phase.Running })
            await stage.Report("a", "web-1-r1-a1", phase);
        await stage.Ask(new WithdrawService());
        await stage.Report("a", "web-1-r1-a1", Phase.Exited);
        await stage.ReportGone("a", "web-1-r1-a1");
        Assert.Equal(
            [
                "created as revision 1: web:1, 1 instance", "web-1-r1-a1 is placed on a", "web-1-r1-a1 is starting on a",
                "web-1-r1-a1 is running on a", "web-1-r1-a1 is paused on a", "web-1-r1-a1 is running on a", "withdrawn",
                "web-1-r1-a1 is stopping on a", "web-1-r1-a1 has ended on a", "nothing is left of it",
            ], stage.Events.Take());
    }

    [Fact]
    public async Task Who_takes_over_tells_what_has_changed_meanwhile_and_nothing_else()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1","instances":2}""", "a", "b");
        stage.Events.Take();
        stage.Keeper = stage.Activate();
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Empty(stage.Events.Take());
        await stage.Hear("b", ("web-2-r1-a1", Phase.Exited));
        Assert.Contains("web-2-r1-a1 has ended on b", stage.Events.Take());
    }

    [Fact]
    public async Task What_had_to_be_given_up_is_told_anew()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Events.Take();
        stage.Events.Deaf = true;
        await stage.Report("a", "web-1-r1-a1", Phase.Paused);
        (stage.Events.Deaf, stage.Events.GivenUp) = (false, 1);
        await stage.Report("a", "web-1-r1-a1", Phase.Paused);
        Assert.Equal(["web-1-r1-a1 is paused on a"], stage.Events.Take());
    }

    [Fact]
    public async Task Workers_are_told_of_when_they_change()
    {
        var stage = new RegistryStage();
        await stage.Renew("a");
        await stage.Pass(3, "a");
        await stage.Renew("b");
        await stage.Keeper.SetDraining(new("b", true));
        await stage.Pass(4, "a");
        await stage.Pass(3, "a");
        Assert.Equal(
            ["a has joined", "b has joined", "b drains", "b is empty", "b takes nothing new: it is silent", "b is lost: its lease ran out"],
            stage.Events.Take());
        stage.Keeper = stage.Activate();
        await stage.Pass(5, "a");
        Assert.Empty(stage.Events.Take());
    }
}
