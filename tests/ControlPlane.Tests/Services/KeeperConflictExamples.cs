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
        var answer = await stage.Ask(Wish.Create());
        Assert.Equal(
            (ServiceOutcome.InDoubt, "the state store does not answer: no answer in time; whether the change was made is not known"),
            (answer.Outcome, answer.Problems[0].Reason));
        Assert.Empty(stage.Take("orders", "expects", "reminded"));
        Assert.Equal(ServiceOutcome.Unknown, (await stage.Keeper.Get()).Outcome);
    }

    [Fact]
    public async Task A_save_whose_answer_was_lost_is_found_in_the_store()
    {
        var stage = new ServiceStage("a");
        stage.Store.Next = SaveTrouble.LosesItsAnswer;
        var answer = await stage.Ask(Wish.Create(), id: "mine");
        Assert.Equal((ServiceOutcome.Done, 1, 2L), (answer.Outcome, answer.Service!.Revision, answer.Service.Epoch));
        await stage.Hear("a");
        Assert.Equal(["orders run web-1-r1-a1 on a, epoch 2"], stage.Take("orders", "reminded"));
    }

    [Fact]
    public async Task A_change_that_was_not_saved_is_not_done_and_cannot_come_to_be_done_later()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Store.Next = SaveTrouble.Fails;
        var answer = await stage.Ask(Wish.Update("""{"instances":2}"""), id: "mine");
        Assert.Equal(
            (ServiceOutcome.NotDone, "the state store does not answer: no answer in time; nothing was changed"),
            (answer.Outcome, answer.Problems[0].Reason));
        // It has written since: what was on its way meets another version.
        Assert.Equal(["saves epoch 2, revision 1: web-1-r1-a1"], stage.Take("saves"));
        Assert.Equal(1, (await stage.Keeper.Get()).Service!.Spec.Instances);
    }

    [Fact]
    public async Task A_request_that_is_asked_again_is_carried_out_once_even_after_others()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        await stage.Ask(Wish.Update("""{"instances":2}"""), id: "first");
        await stage.Ask(Wish.Update("""{"instances":3}"""), id: "second");
        var again = await stage.Ask(Wish.Update("""{"instances":2}"""), id: "first");
        Assert.Equal((ServiceOutcome.Done, 3), (again.Outcome, again.Service!.Spec.Instances));
    }

    [Fact]
    public async Task While_the_store_is_away_a_service_is_told_as_it_was_known_last_and_nothing_is_changed()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Store.Away = true;
        var refused = await stage.Ask(Wish.Update("""{"instances":2}"""), id: "first");
        Assert.Equal(ServiceOutcome.InDoubt, refused.Outcome);
        stage.Clock.Advance(TimeSpan.FromSeconds(7));
        var known = (await stage.Keeper.Get()).Service!;
        Assert.Equal((true, 7, 1), (known.Stale, (int)known.StaleFor!.Value.TotalSeconds, known.Spec.Instances));

        // Nobody has written since: the first request may be done yet, another one is not.
        refused = await stage.Ask(Wish.Update("""{"instances":2}"""), id: "first");
        Assert.Equal(ServiceOutcome.InDoubt, refused.Outcome);
        refused = await stage.Ask(Wish.Update("""{"instances":2}"""));
        Assert.Equal(ServiceOutcome.NotDone, refused.Outcome);
        stage.Store.Away = false;
        Assert.False((await stage.Keeper.Get()).Service!.Stale);
        Assert.Equal(2, (await stage.Ask(Wish.Update("""{"instances":2}"""))).Service!.Instances.Count);
    }

    [Fact]
    public async Task An_activation_that_can_read_and_not_write_answers_and_orders_nothing()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Keeper = stage.Activate();
        stage.Store.Next = SaveTrouble.Fails;
        stage.Take("orders");
        var known = (await stage.Keeper.Get()).Service!;
        Assert.Equal((true, "web:1"), (known.Stale, known.Spec.Container.Image));
        Assert.Empty(stage.Take("orders"));
        Assert.False((await stage.Keeper.Get()).Service!.Stale);
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
