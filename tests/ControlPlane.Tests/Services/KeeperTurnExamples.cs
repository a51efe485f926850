using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>What one turn of a keeper does to the world, and in which order.</summary>
public sealed class KeeperTurnExamples
{
    private const string Two = """{"image":"web:1","instances":2}""";

    [Fact]
    public async Task A_creation_is_listed_saved_once_and_only_then_ordered()
    {
        var stage = new ServiceStage("a", "b");
        var answer = await stage.Ask(Wish.Create("""{"image":"web:1","instances":2,"resources":{"reserve":{"cpu":0.5}}}"""));
        Assert.Equal(
            [
                "asks for fresh workers",
                "lists web",
                "saves epoch 1, revision 1: web-1-r1-a1, web-2-r1-a1",
                "expects 0.5 CPU more on a",
                "expects 0.5 CPU more on b",
                "orders run web-1-r1-a1 on a, epoch 1",
                "orders run web-2-r1-a1 on b, epoch 1",
                "calls the roll of web",
                "alarm for web at 1s",
            ],
            stage.Journal);
        Assert.Equal((ServiceOutcome.Done, 2), (answer.Outcome, answer.Service!.Instances.Count));
    }

    [Fact]
    public async Task A_report_costs_no_write()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        await stage.Report("a", "web-1-r1-a1", Phase.Starting);
        await stage.Report("a", "web-1-r1-a1", Phase.Running);
        Assert.Equal((1, 1), (stage.Store.Saves, (await stage.Keeper.Get()).Service!.Running));
    }

    [Fact]
    public async Task A_report_that_changes_a_decision_is_saved_before_what_follows_is_ordered()
    {
        var stage = await ServiceStage.Running(Two, "a", "b");
        await stage.Report("a", "web-1-r1-a1", Phase.Exited);
        Assert.Equal(
            [
                "saves epoch 1, revision 1: web-1-r1-a2, web-2-r1-a1",
                "orders forget web-1-r1-a1 on a, epoch 1",
                "orders run web-1-r1-a2 on a, epoch 1",
            ],
            stage.Take("saves", "orders"));
    }

    [Fact]
    public async Task An_order_is_repeated_until_its_effect_is_seen()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        stage.Journal.Clear();
        await stage.Keeper.LookAgain("its time has come");
        Assert.Equal(["orders run web-1-r1-a1 on a, epoch 1"], stage.Take("orders", "saves"));
        await stage.Report("a", "web-1-r1-a1", Phase.Running);
        await stage.Keeper.LookAgain("its time has come");
        Assert.Empty(stage.Take("orders"));
    }

    [Fact]
    public async Task What_is_on_its_way_is_expected_of_its_worker_once_however_often_it_is_ordered()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        stage.Journal.Clear();
        await stage.Ask(Wish.Update("""{"instances":2}"""));
        Assert.Equal(
            ["expects 0 CPU more on a", "orders run web-1-r1-a1 on a, epoch 1", "orders run web-2-r1-a1 on a, epoch 1"],
            stage.Take("orders", "expects"));
    }

    [Fact]
    public async Task A_request_that_comes_again_is_not_carried_out_twice()
    {
        var stage = await ServiceStage.Running(Two, "a", "b");
        await stage.Ask(new RestartInstances(), id: "mine");
        var again = await stage.Ask(new RestartInstances(), id: "mine");
        Assert.Equal((ServiceOutcome.Done, 2), (again.Outcome, again.Service!.Revision));
        Assert.Equal(3, (await stage.Ask(new RestartInstances(), id: "another")).Service!.Revision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dry_run_tells_the_steps_and_touches_nothing(bool isCreation)
    {
        var stage = isCreation ? new ServiceStage("a", "b") : await ServiceStage.Running(Two, "a", "b");
        var saves = stage.Store.Saves;
        var answer = await stage.Ask(isCreation ? Wish.Create(Two) : new WithdrawService(), dryRun: true);
        Assert.NotEmpty(answer.Plan!.Steps);
        Assert.Equal((saves, "asks for fresh workers"), (stage.Store.Saves, string.Join("; ", stage.Journal)));
        Assert.Equal(isCreation ? ServiceOutcome.Unknown : ServiceOutcome.Done, (await stage.Keeper.Get()).Outcome);
    }

    [Fact]
    public async Task A_wish_that_is_refused_says_why_and_touches_nothing()
    {
        var stage = new ServiceStage("a");
        var answer = await stage.Ask(Wish.Create("""{"image":"web:1","instances":-1}"""));
        Assert.Equal((ServiceOutcome.Invalid, "instances"), (answer.Outcome, answer.Problems[0].Field));
        Assert.Empty(stage.Journal);
    }

    [Fact]
    public async Task A_service_that_cannot_be_listed_is_not_created()
    {
        var stage = new ServiceStage("a");
        stage.Directory.Trouble = Silence.Of("ServiceDirectory");
        await Assert.ThrowsAsync<NoAnswerException>(() => stage.Ask(Wish.Create()));
        Assert.Equal((0, ServiceOutcome.Unknown), (stage.Store.Saves, (await stage.Keeper.Get()).Outcome));
        Assert.Empty(stage.Take("orders"));
    }

    [Fact]
    public async Task A_new_image_is_announced_when_the_update_is_saved_and_other_changes_are_not()
    {
        var stage = await ServiceStage.Running(Two, "a", "b");
        await stage.Ask(Wish.Update("""{"instances":3}"""));
        Assert.Empty(stage.Take("announces"));
        await stage.Ask(Wish.Update("""{"image":"web:2"}"""));
        Assert.Equal("announces web:2 for web", stage.Journal[^1]);
        stage.Journal.Clear();
        await stage.Ask(new WithdrawService());
        Assert.Empty(stage.Take("announces"));
    }

    [Fact]
    public async Task A_settled_service_is_left_alone()
    {
        var stage = await ServiceStage.Running(Two, "a", "b");
        await stage.ProveGood();
        stage.Journal.Clear();
        await stage.Keeper.LookAgain("sweep");
        Assert.Equal(["asks for fresh workers", "no alarm for web"], stage.Journal);
    }
}
