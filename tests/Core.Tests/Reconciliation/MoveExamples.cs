using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class MoveExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };

    [Fact]
    public void A_draining_worker_is_emptied_start_first()
    {
        var cluster = CalmCluster.Running(Web, "a", "b");
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("b", i.Worker));
        Assert.Equal((4, 3), (cluster.MostLive, cluster.FewestReady));
    }

    [Theory]
    [InlineData(UpdateOrder.StartFirst, false)]
    [InlineData(UpdateOrder.StopFirst, false)]
    [InlineData(UpdateOrder.StartFirst, true)]
    public void Each_move_is_told_in_the_history(UpdateOrder order, bool unready)
    {
        var cluster = CalmCluster.Running(Web with { Instances = 1, Update = new UpdatePolicy { Order = order } }, "a", "b");
        var there = cluster.Record!.Instances.Single().Worker;
        if (unready) cluster.Tell(there, CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Edit(there, w => w with { Draining = true });
        cluster.Settle();
        Assert.NotEqual(there, cluster.Record.Instances.Single().Worker);
        Assert.Equal([$"web-1-r1-a1 leaves {there}: {there} is draining"],
            cluster.Record.History.Where(e => e.Kind == HistoryKind.Move).Select(e => e.What));
    }

    [Fact]
    public void What_holds_a_drain_is_told()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 1 }, "a");
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1: a is draining, but no worker can take its successor: a is draining"],
            Explanation.Holding(cluster.Record!, cluster.Last!, "a"));
        Assert.Single(cluster.Live);
        Assert.DoesNotContain(cluster.Record!.History, e => e.Kind == HistoryKind.Move);
    }

    [Fact]
    public void A_waiting_service_wakes_when_room_comes()
    {
        var cluster = CalmCluster.Running(
            Web with { Instances = 2, Container = Web.Container with { Resources = new() { Reserve = new(6) } } }, "a");
        Assert.Equal(["slot 2: no worker can take it: a has 2 of 8 CPU free, 6 needed"], cluster.Last!.Waiting);
        Assert.True(cluster.Last.WaitsForRoom);
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Settle();
        Assert.Equal(2, cluster.Live.Count());
        Assert.Empty(cluster.Last.Waiting);
    }

    [Fact]
    public void A_rebalance_moves_one_at_a_time_until_even()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 6 }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("a", i.Worker));
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Equal([("a", 3), ("b", 3)],
            cluster.Record.Instances.CountBy(i => i.Worker).OrderBy(c => c.Key).Select(c => (c.Key, c.Value)));
        Assert.Equal((7, 6), (cluster.MostLive, cluster.FewestReady));
        Assert.Null(cluster.Record.Rebalance);
    }

    [Fact]
    public void A_move_that_gains_next_to_nothing_is_not_made()
    {
        var cluster = CalmCluster.Running(Web, "a", "b");
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.Empty(cluster.Orders);
        Assert.Equal("rebalancing ended after 0 moves: no further move is worth it", cluster.Record!.History[^1].What);
    }

    [Fact]
    public void Automatic_rebalancing_moves_slowly()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 6, Rebalance = Rebalancing.Auto }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Settle();
        Assert.Single(cluster.Record!.Instances, i => i.Worker == "b");
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Single(cluster.Record.Instances, i => i.Worker == "b");
        cluster.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(3, cluster.Record.Instances.Count(i => i.Worker == "b"));
    }

    [Fact]
    public void A_global_service_runs_once_on_each_eligible_worker()
    {
        var cluster = CalmCluster.Running(
            Web with { Mode = ServiceMode.Global, Placement = new PlacementRules { Constraints = ["disk != hdd"] } }, "a", "b");
        Assert.Equal(["a", "b"], cluster.Record!.Instances.Select(i => i.Worker).Order());
        cluster.Workers.Add(CalmCluster.NewWorker("c"));
        cluster.Workers.Add(CalmCluster.NewWorker("d") with { Labels = ValueMap.Of(("disk", "hdd")) });
        cluster.Settle();
        Assert.Equal(["a", "b", "c"], cluster.Record.Instances.Select(i => i.Worker).Order());
        cluster.Edit("b", w => w with { Draining = true });
        cluster.Settle();
        Assert.Equal(["a", "c"], cluster.Record.Instances.Select(i => i.Worker).Order());
    }

    [Fact]
    public void A_worker_that_no_longer_fulfils_the_constraints_is_left()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2 }, "a", "b");
        cluster.Edit("b", w => w with { Labels = ValueMap.Of(("gpu", "yes")) });
        cluster.Set("""{"placement":{"constraints":["gpu"]}}""");
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("b", i.Worker));
        Assert.Equal(1, cluster.Record.Revision);
        Assert.Equal(2, cluster.FewestReady);
    }

    [Fact]
    public void A_dry_run_tells_the_steps_that_are_then_taken()
    {
        var cluster = CalmCluster.Running(Web, "a", "b");
        var before = cluster.Record!;
        var changed = cluster.Ask(new UpdateService(new() { ["image"] = "web:2" }));
        var plan = DryRun.Of(before, cluster.Situation with { Record = changed.Record! });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(plan.Steps.Where(s => s.Instance.Length > 0).Select(s => $"{s.Kind} {s.Instance} on {s.Worker}"), cluster.Orders);
        Assert.Equal(9, cluster.Orders.Count);
        Assert.Equal("5s after the beginning", plan.Steps.First(s => s.Kind == "stop").After);
    }
}
