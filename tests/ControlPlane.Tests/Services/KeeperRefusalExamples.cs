using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>A worker does not take an order.</summary>
public sealed class KeeperRefusalExamples
{
    [Fact]
    public async Task A_worker_that_has_no_room_is_passed_over()
    {
        var stage = new ServiceStage("a", "b");
        await stage.Ask(Wish.Create());
        stage.Journal.Clear();
        await stage.Refuse("a", "web-1-r1-a1", Refusal.NoCapacity);
        Assert.Equal(["saves epoch 1, revision 1: web-1-r1-a2", "orders run web-1-r1-a2 on b, epoch 1"], stage.Take("saves", "orders"));
    }

    [Fact]
    public async Task Orders_that_get_no_answer_are_what_the_service_waits_for_until_the_worker_tells_of_them()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        await stage.Hear("a");
        stage.Journal.Clear();
        await stage.Refuse("a", "web-1-r1-a1", Refusal.Unanswered);
        Assert.Equal(
            ["slot 1: a does not answer orders: Unanswered; another worker that can take it gets it after 15s"],
            (await stage.Keeper.Get()).Service!.Waiting);
        Assert.Empty(stage.Take("saves"));

        await stage.Report("a", "web-1-r1-a1", Phase.Starting);
        Assert.Empty((await stage.Keeper.Get()).Service!.Waiting);
    }

    [Fact]
    public async Task A_refusal_for_a_service_without_a_record_changes_nothing()
    {
        var stage = new ServiceStage("a");
        await stage.Refuse("a", "web-1-r1-a1", Refusal.NoCapacity);
        Assert.Empty(stage.Journal);
    }

    [Fact]
    public async Task Whom_another_activation_has_overtaken_keeps_still_until_it_is_called_again()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        var zombie = stage.Keeper;
        stage.Keeper = stage.Activate();
        await stage.Keeper.Get();
        stage.Journal.Clear();

        stage.Keeper = zombie;
        await stage.Refuse("a", "web-1-r1-a1", Refusal.StaleEpoch, knownEpoch: 2);
        Assert.Empty(stage.Journal);
        stage.Clock.Advance(TimeSpan.FromSeconds(2));
        await stage.Keeper.LookAgain("sweep");
        Assert.Equal(["saves epoch 3, revision 1: web-1-r1-a1", "calls the roll of web"], stage.Take("saves", "orders", "calls"));
    }

    [Fact]
    public async Task When_the_store_was_put_back_the_epoch_is_raised_above_what_the_workers_remember()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        stage.Journal.Clear();
        // At once: what this activation has placed no worker need be asked for.
        await stage.Refuse("a", "web-1-r1-a1", Refusal.StaleEpoch, knownEpoch: 7);
        Assert.Equal(["saves epoch 8, revision 1: web-1-r1-a1", "orders run web-1-r1-a1 on a, epoch 8"], stage.Take("saves", "orders"));
        Assert.Contains("Warning: ServiceMaster web overtakes epoch 7, which its record did not know, with 8", stage.Log.Lines);
    }

    [Fact]
    public async Task A_refusal_that_comes_late_is_no_reason_to_overtake()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        await stage.Refuse("a", "web-1-r1-a1", Refusal.StaleEpoch, knownEpoch: 7);
        stage.Journal.Clear();
        await stage.Refuse("a", "web-1-r1-a1", Refusal.StaleEpoch, knownEpoch: 7);
        Assert.Empty(stage.Journal);
    }
}
