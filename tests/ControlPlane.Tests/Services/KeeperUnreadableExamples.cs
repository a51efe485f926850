using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>A record that was edited by hand, cut off or written by a later version.</summary>
public sealed class KeeperUnreadableExamples
{
    private const string Sentence = "the record 'memory' in the state store cannot be read: it was cut off";

    [Fact]
    public async Task It_is_one_line_of_the_list_with_the_problem()
    {
        var stage = await Unreadable();
        await stage.Keeper.LookAgain("sweep");
        var line = stage.Directory.Lines["web"].Summary!;
        Assert.Equal((ServiceState.Unreadable, Sentence), (line.State, line.Waiting));
        Assert.Equal(line, await stage.Keeper.Summary());
        Assert.Null(await stage.Keeper.PlanDrain(new DrainQuestion("a", [])));
        Assert.StartsWith("whatever there is of web", (await stage.Keeper.Holding("a"))[0], StringComparison.Ordinal);
        Assert.Equal(Sentence, (await Assert.ThrowsAsync<UnreadableRecordException>(() => stage.Keeper.Get())).Message);
        Assert.Empty(stage.Take("orders", "saves"));
    }

    [Fact]
    public async Task It_cannot_be_changed_and_says_what_can_be_done()
    {
        var stage = await Unreadable();
        var answer = await stage.Ask(Wish.Update("""{"instances":2}"""));
        Assert.Equal(
            (ServiceOutcome.Conflict, $"{Sentence}; POST creates the service anew, DELETE ends what runs of it"),
            (answer.Outcome, answer.Problems[0].Reason));
    }

    [Fact]
    public async Task It_can_be_created_anew_and_no_name_is_used_twice()
    {
        var stage = await Unreadable();
        var answer = await stage.Ask(Wish.Create());
        Assert.Equal((ServiceOutcome.Done, 2), (answer.Outcome, answer.Service!.Revision));
        Assert.Equal("web-1-r2-a1", Assert.Single(answer.Service.Instances).Name);
    }

    [Fact]
    public async Task It_can_be_deleted_and_what_runs_of_it_is_ended()
    {
        var stage = await Unreadable();
        Assert.Equal(ServiceOutcome.Done, (await stage.Ask(new WithdrawService())).Outcome);
        stage.Take("orders");
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Equal(["orders stop web-1-r1-a1 on a, epoch 1"], stage.Take("orders"));
    }

    [Theory]
    [InlineData("""{"stamp":"x","value":{"name":"web","epoch":41,"lastRevision":7,"revisions":[{"number":9,"sp""", 41, 9)]
    [InlineData("not even JSON", 0, 1_000_000)]
    public void Its_numbers_are_saved_as_far_as_they_are_there(string content, long epoch, int revision)
    {
        var tombstone = Salvage.Tombstone("web", content);
        Assert.Equal((epoch, revision, true), (tombstone.Epoch, tombstone.LastRevision, tombstone.IsTombstone));
    }

    /// <summary>The service ran, and another activation finds a record that it cannot read.</summary>
    private static async Task<ServiceStage> Unreadable()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Keeper = stage.Activate();
        stage.Store.Unreadable = "it was cut off";
        stage.Journal.Clear();
        return stage;
    }
}
