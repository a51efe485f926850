using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Tests.Fakes;

namespace Orchestrator.ControlPlane.Tests.Members;

/// <summary>What the registry saves, and whom it tells; who is alive is told by <see cref="MemberTableTests"/>.</summary>
public sealed class RegistryKeeperExamples
{
    private readonly RegistryStage stage = new();

    [Fact]
    public async Task A_worker_that_joins_is_saved_before_anybody_is_told()
    {
        await stage.Keeper.WaitsForRoom("web");
        var answer = await stage.Renew("a");
        Assert.Equal((true, TimeSpan.FromSeconds(5)), (answer.ReportEverything, answer.Lease));
        Assert.Equal(["saves a", "wakes web: a joined"], stage.Journal);
    }

    [Fact]
    public async Task A_steady_worker_costs_no_write_and_wakes_nobody()
    {
        await stage.Renew("a");
        for (var beat = 0; beat < 10; beat++) await stage.Pass(1, "a");
        Assert.Equal(["saves a"], stage.Journal);
    }

    [Fact]
    public async Task A_lost_worker_is_saved_as_lost_before_its_services_are_woken()
    {
        await stage.Renew("a", "web", "api");
        await stage.Renew("b");
        await stage.Renew("c");
        stage.Journal.Clear();
        await stage.Pass(5.1, "b", "c");
        Assert.Equal(["saves a lost, b, c", "wakes api: a lost", "wakes web: a lost"], stage.Journal.Order(StringComparer.Ordinal));
        Assert.StartsWith("saves", stage.Journal[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_loss_cannot_be_saved_nobody_acts_on_it()
    {
        await stage.Renew("a", "web");
        await stage.Renew("b");
        await stage.Renew("c");
        await stage.Pass(4, "b", "c");
        stage.Journal.Clear();
        stage.Store.Away = true;
        await stage.Pass(60, "b", "c");
        Assert.Empty(stage.Journal);
        Assert.Equal("a suspect, b ready, c ready", await stage.Health());

        stage.Store.Away = false;
        await stage.Pass(6, "b", "c");
        Assert.Equal(["saves a lost, b, c", "wakes web: a lost"], stage.Journal);
    }

    [Fact]
    public async Task A_registry_that_begins_while_the_store_is_away_renews_leases_and_lets_nobody_decide_by_what_it_does_not_know()
    {
        await stage.Renew("a", "web");
        await stage.Renew("b");
        await stage.Keeper.SetDraining(new DrainWish("b", true));
        stage.Store.Away = true;
        stage.Keeper = stage.Activate();
        Assert.Equal(TimeSpan.FromSeconds(5), (await stage.Renew("b")).Lease);
        Assert.Equal("b ready", await stage.Health());
        await Assert.ThrowsAsync<StoreTroubleException>(() => stage.Keeper.Workers([]));
        await Assert.ThrowsAsync<StoreTroubleException>(() => stage.Keeper.SetDraining(new DrainWish("a", true)));

        stage.Store.Away = false;
        await stage.Pass(6, "b");
        Assert.Equal(
            ["a False Suspect", "b True Ready"], (await stage.Keeper.Workers([])).Select(it => $"{it.Name} {it.Draining} {it.Health}"));
    }

    [Fact]
    public async Task A_wish_that_cannot_be_saved_is_not_done_and_leases_are_renewed_all_the_same()
    {
        await stage.Renew("a");
        stage.Store.Away = true;
        await Assert.ThrowsAsync<StoreTroubleException>(() => stage.Keeper.SetDraining(new DrainWish("a", true)));
        Assert.False((await stage.Renew("a")).Draining);
    }

    [Fact]
    public async Task A_worker_that_does_not_answer_orders_is_asked_once_by_the_answer_to_its_lease()
    {
        await stage.Renew("a", "web");
        await stage.Keeper.OrderFailed("a", "web", "no answer");
        await stage.Keeper.OrderFailed("a", "api", "no answer");
        await stage.Keeper.OrderFailed("nobody", "api", "no answer");
        Assert.Equal(["api", "web"], (await stage.Renew("a", "web")).Unreached);
        Assert.Empty((await stage.Renew("a", "web")).Unreached);
    }

    [Fact]
    public async Task After_a_conflict_the_table_is_read_again()
    {
        await stage.Renew("a");
        var zombie = stage.Keeper;
        stage.Keeper = stage.Activate();
        await stage.Renew("b");

        stage.Keeper = zombie;
        await Assert.ThrowsAsync<RecordConflictException>(() => stage.Renew("c"));
        Assert.Equal("a suspect, b suspect", await stage.Health());
        await stage.Renew("c");
        Assert.Equal("a suspect, b suspect, c ready", await stage.Health());
    }

    [Fact]
    public async Task A_drain_is_saved_wakes_the_services_there_and_survives_the_registry()
    {
        await stage.Renew("a", "web");
        stage.Journal.Clear();
        Assert.True(await stage.Keeper.SetDraining(new DrainWish("a", true)));
        Assert.Equal(["saves a draining", "wakes web: a drains"], stage.Journal);

        stage.Keeper = stage.Activate();
        var worker = Assert.Single(await stage.Keeper.Workers([]));
        Assert.Equal((true, WorkerHealth.Suspect), (worker.Draining, worker.Health));
        Assert.True((await stage.Renew("a")).Draining);
    }

    [Fact]
    public async Task A_drain_that_is_asked_for_twice_costs_one_write_and_one_of_a_stranger_is_told_so()
    {
        await stage.Renew("a");
        stage.Journal.Clear();
        Assert.True(await stage.Keeper.SetDraining(new DrainWish("a", true)));
        Assert.True(await stage.Keeper.SetDraining(new DrainWish("a", true)));
        Assert.False(await stage.Keeper.SetDraining(new DrainWish("b", true)));
        Assert.Equal(["saves a draining"], stage.Journal);
    }

    [Fact]
    public async Task The_brake_says_why_nobody_is_declared_lost_until_a_person_overrules_it()
    {
        foreach (var name in new[] { "a", "b", "c" }) await stage.Renew(name, "web");
        stage.Journal.Clear();
        await stage.Pass(6, "c");
        Assert.StartsWith("2 of 3 workers are silent", (await stage.Keeper.Members()).Brake, StringComparison.Ordinal);
        Assert.Empty(stage.Journal);

        await stage.Keeper.OverruleBrake();
        Assert.Equal(["saves a lost, b lost, c", "wakes web: a lost", "wakes web: b lost"], stage.Journal);
        Assert.Null((await stage.Keeper.Members()).Brake);
        Assert.Contains("Warning: The brake was overruled: silent workers are declared lost", stage.Log.Lines);
        Assert.Contains("Warning: Brake: off", stage.Log.Lines);
    }

    [Fact]
    public async Task A_registry_that_heard_nobody_for_a_while_blames_itself_first()
    {
        await stage.Renew("a", "web");
        await stage.Renew("b");
        stage.Clock.Advance(TimeSpan.FromSeconds(20));
        stage.Journal.Clear();
        await stage.Pass(3.4, "b");
        Assert.Equal("a suspect, b ready", await stage.Health());
        Assert.Empty(stage.Journal);
        await stage.Pass(1.2, "b");
        Assert.Equal(["saves a lost, b", "wakes web: a lost"], stage.Journal);
    }

    [Fact]
    public async Task A_loss_that_a_person_confirms_is_refused_for_whoever_is_there()
    {
        foreach (var name in new[] { "a", "b", "c" }) await stage.Renew(name, "web");
        await stage.Pass(6, "c");
        stage.Journal.Clear();
        Assert.Equal(["'c' is there: it was heard 0s ago"], await stage.Keeper.ConfirmLoss(new(["a", "c"])));
        Assert.Empty(stage.Journal);

        Assert.Empty(await stage.Keeper.ConfirmLoss(new(["a"], DryRun: true)));
        Assert.Empty(stage.Journal);

        Assert.Empty(await stage.Keeper.ConfirmLoss(new(["a"])));
        Assert.Equal(["saves a lost, b, c", "wakes web: a lost"], stage.Journal);
        Assert.Contains("Warning: Confirmed as gone by a person: a; lost when the lease is over", stage.Log.Lines);
    }

    [Fact]
    public async Task A_service_that_waits_for_room_is_woken_once()
    {
        await stage.Renew("a");
        stage.Journal.Clear();
        await stage.Keeper.WaitsForRoom("web");
        await stage.Keeper.WaitsForRoom("web");
        await stage.Renew("b");
        await stage.Renew("c");
        Assert.Equal(["saves a, b", "wakes web: b joined", "saves a, b, c"], stage.Journal);
    }
}
