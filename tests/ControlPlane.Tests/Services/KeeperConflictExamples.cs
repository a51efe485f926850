using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>A save that did not go as it should: nothing may be ordered that is not in the record.</summary>
public sealed class KeeperConflictExamples
{
    [Fact]
    public async Task Who_loses_the_race_orders_nothing_and_begins_anew_with_the_next_call()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        var zombie = stage.Keeper;
        stage.Keeper = stage.Activate();
        await stage.Ask(Wish.Update("""{"instances":2}"""));
        stage.Journal.Clear();

        stage.Keeper = zombie;
        await Assert.ThrowsAsync<RecordConflictException>(() => stage.Ask(new RestartInstances()));
        Assert.Empty(stage.Take("saves", "orders"));

        var answer = await stage.Ask(Wish.Update("""{"instances":3}"""));
        Assert.Equal(
            ["saves epoch 3, revision 1: web-1-r1-a1, web-2-r1-a1", "saves epoch 3, revision 1: web-1-r1-a1, web-2-r1-a1, web-3-r1-a1"],
            stage.Take("saves"));
        Assert.Equal(3, answer.Service!.Epoch);
    }

    [Fact]
    public async Task A_save_that_fails_orders_nothing()
    {
        var stage = new ServiceStage("a");
        stage.Store.Next = SaveTrouble.Fails;
        await Assert.ThrowsAsync<TimeoutException>(() => stage.Ask(Wish.Create()));
        Assert.Empty(stage.Take("orders", "expects", "reminded"));
        Assert.Equal(ServiceOutcome.Unknown, (await stage.Keeper.Get()).Outcome);
    }

    [Fact]
    public async Task A_save_whose_answer_was_lost_is_found_by_the_repeated_request()
    {
        var stage = new ServiceStage("a");
        stage.Store.Next = SaveTrouble.LosesItsAnswer;
        await Assert.ThrowsAsync<TimeoutException>(() => stage.Ask(Wish.Create(), id: "mine"));
        Assert.Empty(stage.Take("orders"));

        var answer = await stage.Ask(Wish.Create(), id: "mine");
        Assert.Equal((ServiceOutcome.Done, 1, 2L), (answer.Outcome, answer.Service!.Revision, answer.Service.Epoch));
        await stage.Hear("a");
        Assert.Equal(["orders run web-1-r1-a1 on a, epoch 2"], stage.Take("orders", "reminded"));
    }

    [Fact]
    public async Task While_the_registry_is_silent_nothing_is_decided()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Workers.Silent = true;
        await Assert.ThrowsAsync<NoAnswerException>(() => stage.Ask(Wish.Update("""{"instances":2}""")));
        Assert.Empty(stage.Take("saves", "orders"));

        stage.Workers.Silent = false;
        Assert.Equal(2, (await stage.Ask(Wish.Update("""{"instances":2}"""))).Service!.Instances.Count);
    }
}
