using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>A keeper that begins on a record: it raises the epoch, and takes nothing for dead before its worker was heard.</summary>
public sealed class KeeperActivationExamples
{
    [Fact]
    public async Task An_activation_raises_the_epoch_before_anything_else_and_calls_the_roll()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Keeper = stage.Activate();
        await stage.Keeper.LookAgain("reminder");
        Assert.Equal(
            ["saves epoch 2, revision 1: web-1-r1-a1", "asks for fresh workers", "calls the roll of web"],
            stage.Take("saves", "asks", "orders", "calls"));
        Assert.Contains("Information: ServiceMaster web is active here, epoch 2", stage.Log.Lines);
    }

    [Fact]
    public async Task What_runs_is_left_running_and_only_what_is_missing_at_the_roll_is_ordered_again()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1","instances":2}""", "a", "b");
        stage.Keeper = stage.Activate();
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Empty(stage.Take("orders"));
        await stage.Hear("b");
        Assert.Equal(["orders run web-2-r1-a1 on b, epoch 2"], stage.Take("orders"));
    }

    [Fact]
    public async Task How_many_run_is_not_said_before_every_worker_that_should_know_was_heard()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1","instances":2}""", "a", "b");
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        stage.Keeper = stage.Activate();
        Assert.Equal((false, null), await Told());
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Equal((false, null), await Told());
        await stage.Hear("b", ("web-2-r1-a1", Phase.Running));
        Assert.Equal((true, 2), await Told());

        async Task<(bool, int?)> Told()
        {
            var view = (await stage.Keeper.Get()).Service!;
            var line = (await stage.Keeper.Summary())!;
            Assert.Equal((view.Observed, view.Running), (line.Observed, line.Running));
            return (view.Observed, view.Running);
        }
    }

    [Fact]
    public async Task The_roll_is_called_again_while_a_worker_that_should_know_is_silent()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a", "b");
        stage.Keeper = stage.Activate();
        await stage.Keeper.Get();
        stage.Clock.Advance(TimeSpan.FromSeconds(2));
        await stage.Keeper.LookAgain("its time has come");
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        stage.Clock.Advance(TimeSpan.FromSeconds(2));
        await stage.Keeper.LookAgain("its time has come");
        Assert.Equal(["calls the roll of web", "calls the roll of web"], stage.Take("calls"));
    }

    [Fact]
    public async Task An_activation_that_cannot_save_its_epoch_is_none()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Keeper = stage.Activate();
        stage.Store.Next = SaveTrouble.Fails;
        await Assert.ThrowsAsync<TimeoutException>(() => stage.Keeper.LookAgain("reminder"));
        Assert.Empty(stage.Journal);

        await stage.Keeper.LookAgain("sweep");
        Assert.Equal(["saves epoch 2, revision 1: web-1-r1-a1"], stage.Take("saves"));
    }

    [Fact]
    public async Task Instances_of_a_service_without_a_record_are_left_alone()
    {
        var stage = new ServiceStage("a");
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Empty(stage.Journal);
        Assert.Equal(["Warning: a has 1 instances of web, which has no record; nothing is ordered"], stage.Log.Lines);
    }

    [Fact]
    public async Task A_name_without_a_service_answers_that_there_is_none()
    {
        var keeper = new ServiceStage("a").Keeper;
        Assert.Equal(ServiceOutcome.Unknown, (await keeper.Get()).Outcome);
        Assert.Null(await keeper.Summary());
        Assert.Null(await keeper.Explain(1));
        Assert.Null(await keeper.History());
        Assert.Null(await keeper.PlanDrain(new DrainQuestion("a", [])));
        Assert.Empty(await keeper.Holding("a"));
    }
}
