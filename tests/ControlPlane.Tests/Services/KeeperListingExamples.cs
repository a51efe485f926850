using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>What a keeper tells the directory, and when.</summary>
public sealed class KeeperListingExamples
{
    [Fact]
    public async Task A_service_is_announced_once_and_told_of_after_each_turn_that_changed_it()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        Assert.Equal((1, 0, ServiceState.Starting), Told(stage));
        await stage.Report("a", "web-1-r1-a1", Phase.Running);
        Assert.Equal((2, 1, ServiceState.Running), Told(stage));
        await stage.Report("a", "web-1-r1-a1", Phase.Running);
        await stage.Hear("a", ("web-1-r1-a1", Phase.Running));
        Assert.Equal(2, stage.Directory.Told);
        Assert.Equal((await stage.Keeper.Summary())!, stage.Directory.Lines["web"].Summary);
    }

    [Fact]
    public async Task A_new_service_is_announced_under_the_epoch_that_it_gets_so_that_the_directory_writes_once()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create());
        var (announced, told) = (stage.Directory.Announced["web"], stage.Directory.Lines["web"]);
        Assert.Equal((1, 1, true), (announced.Epoch, told.Epoch, told.IsNewerThan(announced)));
    }

    [Fact]
    public async Task Whoever_asks_for_a_look_is_told_although_nothing_changed()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        var told = stage.Directory.Told;
        await stage.Keeper.LookAgain("sweep");
        await stage.Keeper.Summary();
        Assert.Equal(told + 2, stage.Directory.Told);
    }

    [Fact]
    public async Task Later_lines_are_newer_in_this_activation_and_the_next()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        var first = stage.Directory.Lines["web"];
        await stage.Keeper.LookAgain("sweep");
        var second = stage.Directory.Lines["web"];
        stage.Keeper = stage.Activate();
        await stage.Keeper.LookAgain("sweep");
        Assert.True(second.IsNewerThan(first) && stage.Directory.Lines["web"].IsNewerThan(second));
    }

    [Fact]
    public async Task A_settled_service_asks_for_no_look()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        await stage.ProveGood();
        Assert.Null(stage.Directory.Lines["web"].LookAt);
    }

    [Theory]
    [InlineData("""{"image":"web:1"}""", 1)]
    [InlineData("""{"image":"web:1","resources":{"reserve":{"cpu":99}}}""", 5)]
    [InlineData("""{"image":"web:1","mode":"global","placement":{"constraints":["worker == b"]}}""", 30)]
    public async Task A_service_that_orders_or_waits_or_is_global_tells_when_it_must_look(string spec, double seconds)
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(spec));
        Assert.Equal(stage.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds), stage.Directory.Lines["web"].LookAt);
    }

    [Fact]
    public async Task While_it_is_not_known_what_runs_it_looks_now_and_then()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Clock.Advance(TimeSpan.FromSeconds(1));
        stage.Keeper = stage.Activate();
        await stage.Keeper.LookAgain("sweep");
        var line = stage.Directory.Lines["web"];
        Assert.Equal((false, ServiceState.Unknown), (line.Summary!.Observed, line.Summary.State));
        Assert.NotNull(line.LookAt);
    }

    [Fact]
    public async Task A_service_goes_on_although_the_directory_cannot_be_told_who_is_in_charge()
    {
        var stage = await ServiceStage.Running("""{"image":"web:1"}""", "a");
        stage.Directory.Trouble = Silence.Of("ServiceDirectory");
        stage.Keeper = stage.Activate();
        await stage.Report("a", "web-1-r1-a1", Phase.Exited);
        Assert.Equal(["orders forget web-1-r1-a1 on a, epoch 2", "orders run web-1-r1-a2 on a, epoch 2"], stage.Take("orders"));
        Assert.Contains(stage.Log.Lines, line => line.StartsWith(
            "Warning: The directory does not know yet who looks after service web now:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_there_is_no_record_is_said_of_the_store_as_it_is_now()
    {
        var stage = new ServiceStage("a");
        var lingering = stage.Keeper;
        Assert.Equal(ServiceOutcome.Unknown, (await lingering.Get()).Outcome);
        stage.Keeper = stage.Activate();
        await stage.Ask(Wish.Create());
        await lingering.LookAgain("sweep");
        Assert.False(stage.Directory.Lines["web"].Gone);
    }

    private static (int Told, int? Running, ServiceState State) Told(ServiceStage stage)
    {
        var line = stage.Directory.Lines["web"].Summary!;
        return (stage.Directory.Told, line.Running, line.State);
    }
}
