using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>When a service is evened out, and when it is left as it is.</summary>
public sealed class RebalanceExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 4 };

    /// <summary>All on a, and b has joined.</summary>
    private static CalmCluster Crowded(ServiceSpec spec)
    {
        var cluster = CalmCluster.Running(spec, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        return cluster;
    }

    private static int OnB(CalmCluster cluster) => cluster.Record!.Instances.Count(i => i.Worker == "b");

    private static string Told(CalmCluster cluster) => cluster.Record!.History.Last(e => e.Kind == HistoryKind.Move).What;

    [Fact]
    public void Nobody_is_moved_unasked()
    {
        var cluster = Crowded(Web);
        cluster.Pass(TimeSpan.FromHours(1));
        Assert.Empty(cluster.Orders);
    }

    [Fact]
    public void The_highest_slot_of_the_fullest_worker_moves_first_and_the_history_says_why()
    {
        var cluster = Crowded(Web);
        cluster.Change(new RebalanceInstances());
        cluster.Decide();
        Assert.Equal(["web-4-r1-a2"], cluster.Record!.Instances.Where(i => i.Worker == "b").Select(i => i.Name));
        Assert.StartsWith("web-4-r1-a1 leaves a: moved to even out the load, a gain of ", Told(cluster), StringComparison.Ordinal);
        cluster.Settle();
        Assert.Equal("rebalancing ended after 2 moves: no further move is worth it", Told(cluster));
    }

    [Fact]
    public void One_move_is_told_in_the_singular()
    {
        var cluster = Crowded(Web with { Instances = 2 });
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal("rebalancing ended after 1 move: no further move is worth it", Told(cluster));
    }

    [Fact]
    public void A_stop_first_service_takes_one_down_at_a_time()
    {
        var cluster = Crowded(Web with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } });
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal((2, 4, 3), (OnB(cluster), cluster.MostLive, cluster.FewestReady));
    }

    [Fact]
    public void Each_move_of_a_stop_first_service_is_told_and_counted()
    {
        var cluster = Crowded(Web with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } });
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal("rebalancing ended after 2 moves: no further move is worth it", Told(cluster));
        Assert.Equal(2, cluster.Record!.History.Count(e => e.What.Contains("moved to even out the load", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nobody_is_moved_while_an_update_is_paused()
    {
        var cluster = Crowded(Web with { Rebalance = Rebalancing.Auto });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Change(new PauseRollout());
        cluster.Pass(TimeSpan.FromMinutes(2));
        Assert.NotNull(cluster.Record!.Rollout);
        Assert.Equal(0, OnB(cluster));
    }

    [Fact]
    public void Nor_while_one_of_its_slots_stays_with_its_volume()
    {
        var cluster = Crowded(Web with { Container = Web.Container with { Volumes = [new VolumeMount("data", "/data")] } });
        cluster.Record = cluster.Record! with
        {
            Pins = [.. cluster.Record.Pins.Select(pin => pin.Slot == 1 ? pin : pin with { Released = true })],
        };
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal((0, "rebalancing ended after 0 moves: its volumes keep its instances where they are"), (OnB(cluster), Told(cluster)));
    }

    [Fact]
    public void A_stop_first_service_that_has_lost_as_much_as_it_may_moves_nothing()
    {
        var cluster = Crowded(Web with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst },
            Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } });
        cluster.Kill("web-1-r1-a1", 0);
        cluster.Settle();
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal(0, OnB(cluster));
        Assert.Equal("rebalancing ended after 0 moves: a move would take away more instances at a time than maxUnavailable allows",
            Told(cluster));
    }

    [Fact]
    public void The_only_slot_moves_to_where_it_is_preferred()
    {
        var cluster = Crowded(Web with { Instances = 1,
            Placement = new PlacementRules { Preferences = [new PlacementPreference("worker == b", 100)] } });
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal(1, OnB(cluster));
    }

    [Fact]
    public void An_automatic_move_waits_half_a_minute_after_the_last()
    {
        var cluster = Crowded(Web with { Instances = 6, Rebalance = Rebalancing.Auto });
        cluster.Settle();
        Assert.Equal((1, cluster.Now + TimeSpan.FromSeconds(30)), (OnB(cluster), cluster.Last!.LookAgainAt));
        cluster.Pass(TimeSpan.FromSeconds(29.9));
        Assert.Equal(1, OnB(cluster));
        cluster.Pass(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, OnB(cluster));
    }

    [Theory]
    [InlineData(Rebalancing.Auto, 30)]
    [InlineData(Rebalancing.Off, null)]
    public void Only_a_service_that_moves_by_itself_looks_again_by_itself(Rebalancing rebalance, int? seconds)
    {
        var cluster = CalmCluster.Running(Web with { Rebalance = rebalance }, "a", "b");
        Assert.Equal(seconds, (cluster.Decide().LookAgainAt - cluster.Now)?.TotalSeconds);
        cluster.Change(new RebalanceInstances());
        Assert.Equal(seconds, (cluster.Decide().LookAgainAt - cluster.Now)?.TotalSeconds);
    }

    [Fact]
    public void After_twice_as_many_moves_as_there_are_slots_the_figures_do_not_settle()
    {
        var cluster = Crowded(Web);
        cluster.Change(new RebalanceInstances());
        cluster.Record = cluster.Record! with { Rebalance = cluster.Record.Rebalance! with { Moves = 7 } };
        cluster.Settle();
        Assert.Equal((1, null), (OnB(cluster), cluster.Record.Rebalance));
        Assert.Equal("rebalancing ended after 8 moves: the figures do not settle", Told(cluster));
    }

    [Fact]
    public void An_asked_move_does_not_wait_for_the_automatic_pause()
    {
        var cluster = Crowded(Web with { Instances = 6, Rebalance = Rebalancing.Auto });
        cluster.Settle();
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal(3, OnB(cluster));
    }

    [Theory]
    [InlineData("web-1-r1-a1", true)]
    [InlineData("web-4-r1-a1", true)]
    [InlineData("", false)]
    public void Nobody_is_moved_while_a_slot_does_not_serve(string unready, bool held)
    {
        var cluster = Crowded(Web);
        if (unready.Length > 0)
            cluster.Tell("a", new InstanceReport { Instance = unready, Phase = Phase.Running, Health = InstanceHealth.Starting });
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal((held ? 0 : 2, held), (OnB(cluster), cluster.Record!.Rebalance is not null));
    }

    [Fact]
    public void Nobody_is_moved_while_something_still_ends()
    {
        var cluster = Crowded(Web);
        cluster.Set("""{"instances":3}""");
        cluster.Change(new RebalanceInstances());
        cluster.Decide();
        Assert.Equal(0, OnB(cluster));
        cluster.Settle();
        Assert.Equal(1, OnB(cluster));
    }

    [Fact]
    public void A_slot_that_has_ended_for_good_holds_nobody_up()
    {
        var cluster = Crowded(Web with { Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } });
        cluster.Kill("web-1-r1-a1", 0);
        cluster.Settle();
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal(1, OnB(cluster));
    }

    [Fact]
    public void Nobody_is_moved_during_an_update_and_a_global_service_never()
    {
        var cluster = Crowded(Web with { Update = new UpdatePolicy { Monitor = TimeSpan.FromHours(1) }, Rebalance = Rebalancing.Auto });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(10));
        Assert.NotNull(cluster.Last!.Rollout);
        Assert.DoesNotContain(cluster.Record!.History, e => e.Kind == HistoryKind.Move);

        var everywhere = Crowded(Web with { Mode = ServiceMode.Global, Rebalance = Rebalancing.Auto });
        everywhere.Pass(TimeSpan.FromHours(1));
        Assert.DoesNotContain(everywhere.Record!.History, e => e.Kind == HistoryKind.Move);
    }
}
