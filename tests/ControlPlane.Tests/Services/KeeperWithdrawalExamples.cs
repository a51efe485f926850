using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>The end of a service: it is there until nothing is left of it, and leaves a tombstone.</summary>
public sealed class KeeperWithdrawalExamples
{
    [Fact]
    public async Task A_withdrawn_service_is_there_until_nothing_is_left_of_it()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        Assert.True((await stage.Ask(new WithdrawService())).Service!.Withdrawing);
        Assert.Equal(
            ["saves epoch 1, revision 1: web-1-r1-a1 stops", "orders stop web-1-r1-a1 on a, epoch 1"], stage.Take("saves", "orders"));

        await stage.Report("a", "web-1-r1-a1", Phase.Exited);
        Assert.Equal(["saves epoch 1, revision 1:", "orders forget web-1-r1-a1 on a, epoch 1"], stage.Take("saves", "orders", "lists"));
        Assert.Equal(ServiceOutcome.Done, (await stage.Keeper.Get()).Outcome);

        await stage.ReportGone("a", "web-1-r1-a1");
        Assert.Equal(["no alarm for web", "lists web no longer"], stage.Journal);
        Assert.Equal(ServiceOutcome.Unknown, (await stage.Keeper.Get()).Outcome);
    }

    [Fact]
    public async Task The_name_can_be_used_again_and_no_name_of_an_instance_comes_twice()
    {
        var stage = await Ended();
        await stage.Ask(Wish.Create());
        Assert.Equal(
            ["lists web", "saves epoch 1, revision 2: web-1-r2-a1", "orders run web-1-r2-a1 on a, epoch 1"],
            stage.Take("lists", "saves", "orders"));
    }

    [Fact]
    public async Task A_tombstone_is_not_listed_when_it_is_activated_and_the_directory_hears_of_it()
    {
        var stage = await Ended();
        stage.Keeper = stage.Activate();
        stage.Directory.Lines.Clear();
        Assert.Equal(ServiceOutcome.Unknown, (await stage.Keeper.Get()).Outcome);
        Assert.Equal(["saves epoch 2, revision 1:"], stage.Take("saves", "lists"));
        Assert.Equal((true, 2L), (stage.Directory.Lines["web"].Gone, stage.Directory.Lines["web"].Epoch));
    }

    [Fact]
    public async Task What_turns_up_of_a_withdrawn_service_is_ended()
    {
        var stage = await Ended();
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Equal(["orders stop web-1-r1-a1 on a, epoch 1", "alarm for web at 1s"], stage.Take("saves", "orders", "alarm"));
    }

    [Fact]
    public async Task A_name_that_is_listed_without_a_service_is_taken_off_the_list_by_the_sweep()
    {
        var stage = new ServiceStage("a");
        stage.Directory.All.Add("web");
        await stage.Keeper.LookAgain("sweep");
        Assert.Equal(["no alarm for web", "lists web no longer"], stage.Journal);
    }

    [Fact]
    public async Task After_a_while_nothing_is_left_in_the_store_and_the_name_begins_above_its_epochs()
    {
        var stage = await Ended();
        stage.Clock.Advance(TimeSpan.FromMinutes(9));
        await stage.Keeper.LookAgain("the directory");
        Assert.NotNull(stage.Store.Stored);

        stage.Clock.Advance(TimeSpan.FromMinutes(1));
        stage.Keeper = stage.Activate();
        await stage.Keeper.LookAgain("the directory");
        Assert.Null(stage.Store.Stored);
        Assert.Equal(["raises the floor to 2"], stage.Take("raises"));
        // A report that comes late brings nothing back.
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Null(stage.Store.Stored);

        stage.Journal.Clear();
        await stage.Ask(Wish.Create());
        Assert.Equal(["saves epoch 3, revision 1: web-1-r1-a1"], stage.Take("saves"));
    }

    [Theory]
    [InlineData(WorkerHealth.Lost)]
    [InlineData(WorkerHealth.Suspect)]
    public async Task While_a_worker_is_away_that_may_come_back_with_instances_the_tombstone_stays(WorkerHealth health)
    {
        var stage = await Ended();
        stage.Clock.Advance(TimeSpan.FromHours(1));
        stage.Workers.ByName["a"] = stage.Workers.ByName["a"] with { Health = health };
        await stage.Keeper.LookAgain("the directory");
        stage.Workers.ByName["a"] = stage.Workers.ByName["a"] with { Health = WorkerHealth.Ready, Holds = ["web"] };
        await stage.Keeper.LookAgain("the directory");
        Assert.NotNull(stage.Store.Stored);
    }

    private static async Task<ServiceStage> Ended()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        await stage.Ask(new WithdrawService());
        await stage.Report("a", "web-1-r1-a1", Phase.Exited);
        await stage.ReportGone("a", "web-1-r1-a1");
        stage.Journal.Clear();
        return stage;
    }
}
