using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Services;

/// <summary>A service that no worker can take waits, says so, and is told when there is room.</summary>
public sealed class KeeperRoomExamples
{
    private const string Big = """{"image":"web:1","resources":{"reserve":{"cpu":9}}}""";

    [Fact]
    public async Task A_service_without_room_tells_the_registry_that_it_waits()
    {
        var stage = new ServiceStage("a");
        var answer = await stage.Ask(Wish.Create(Big));
        Assert.Equal(["web waits for room"], stage.Take("web", "orders"));
        Assert.Equal(["slot 1: no worker can take it: a has 8 of 8 CPU free, 9 needed"], answer.Service!.Waiting);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_told_costs_only_time()
    {
        var stage = new ServiceStage("a");
        stage.Workers.SilentAboutRoom = true;
        Assert.Equal(ServiceOutcome.Done, (await stage.Ask(Wish.Create(Big))).Outcome);
        Assert.NotEmpty(stage.Take("alarm for web at"));
        Assert.Contains(stage.Log.Lines, line =>
            line.StartsWith("Warning: Service web waits for room but could not tell", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_there_is_room_it_is_taken()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Big));
        stage.Journal.Clear();
        stage.Workers.ByName["a"] = stage.Workers.ByName["a"] with { Capacity = new(16) };
        await stage.Keeper.LookAgain("a has room");
        Assert.Equal(
            ["asks for fresh workers", "saves epoch 1, revision 1: web-1-r1-a1", "orders run web-1-r1-a1 on a, epoch 1"],
            stage.Take("asks", "saves", "orders"));
    }

    [Fact]
    public async Task An_alarm_that_rings_too_early_is_set_again()
    {
        var stage = new ServiceStage("a");
        await stage.Ask(Wish.Create(Big));
        stage.Journal.Clear();
        stage.Clock.Advance(TimeSpan.FromMilliseconds(5));
        await stage.Keeper.LookAgain("its time has come");
        Assert.StartsWith("alarm for web at", Assert.Single(stage.Take("alarm", "no alarm")), StringComparison.Ordinal);
    }
}
