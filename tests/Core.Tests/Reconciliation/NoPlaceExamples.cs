using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>An update whose successors find no place, or none beside their predecessors.</summary>
public sealed class NoPlaceExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" } };
    private static readonly ServiceSpec Fixed = Web with { Container = new() { Image = "web:1", Ports = [new PortMapping(80, 8080)] } };

    [Theory]
    [InlineData("""{"image":"web:2","resources":{"reserve":{"cpu":100}}}""", "a has 8 of 8 CPU free, 100 needed")]
    [InlineData("""{"image":"web:2","placement":{"constraints":["gpu"]}}""", "a does not fulfil gpu: gpu is not set")]
    public void What_serves_is_not_stopped_for_a_successor_that_has_no_place(string change, string why)
    {
        var cluster = CalmCluster.Running(Fixed, "a");
        cluster.Set(change);
        cluster.Pass(TimeSpan.FromMinutes(9));
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
        Assert.Contains($"slot 1: revision 2 replaces revision 1, but no worker can take its successor: {why}", cluster.Last!.Waiting);
        Assert.Empty(cluster.Orders);
    }

    [Fact]
    public void What_serves_is_not_stopped_before_the_image_of_its_successor_is_there()
    {
        var cluster = CalmCluster.Running(Fixed, "a");
        cluster.Unpreparable["web:2"] = report => report with { Phase = Phase.Placed, Message = "pulling web:2" };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
        Assert.Equal(["slot 1: web-1-r2-a1 is being made ready on a: pulling web:2"], cluster.Last!.Waiting);
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r2-a1", Phase = Phase.Prepared });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r2-a1 on a"], cluster.Live);
        Assert.Equal("1/1 updated to revision 2", cluster.Record!.LastRollout);
    }

    [Fact]
    public void A_slot_without_a_place_does_not_hold_up_the_others()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 4, Placement = new PlacementRules { MaxPerWorker = 1 } }, "a", "b", "c");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1", "web-3-r2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("3/4 updated to revision 2, 1 without a place", cluster.Record.LastRollout);
        Assert.Equal(["slot 4: no worker can take it: 3 workers have 1 instances already"], cluster.Last!.Waiting);
        Assert.Equal(2, cluster.FewestReady);
        cluster.Workers.Add(CalmCluster.NewWorker("d"));
        cluster.Settle();
        Assert.Equal("web-4-r2-a1", cluster.Record.Instances[^1].Name);
    }

    [Fact]
    public void Nor_does_one_that_loses_its_place_while_it_is_updated()
    {
        var spec = new ServiceSpec
        {
            Container = new() { Image = "web:1" }, Instances = 2, Placement = new PlacementRules { MaxPerWorker = 1 },
            Update = new UpdatePolicy { Order = UpdateOrder.StopFirst },
        };
        var cluster = CalmCluster.Running(spec, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Edit(cluster.WorkerOf("web-1-r2-a1"), w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.Equal(["web-2-r2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal([2, 2], cluster.Record.Slots.Select(s => s.Revision));
    }

    [Fact]
    public void A_slot_without_a_place_does_not_hold_up_a_rollback_either()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 4, Placement = new PlacementRules { MaxPerWorker = 1 } }, "a", "b", "c");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        cluster.Kill(cluster.Record!.Instances.Last(i => i.Revision == 2).Name, 1);
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(3, cluster.Record.Instances.Count(i => i.Revision == 1));
        Assert.Null(cluster.Record.Rollout);
    }

    [Fact]
    public void Where_nothing_can_run_beside_its_predecessor_its_place_will_do()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2, Placement = new PlacementRules { MaxPerWorker = 1 } }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Decide();
        Assert.Contains("it starts when its predecessor has ended, for nothing can run beside that: 2 workers have 1 instances already",
            cluster.Record!.Instances.Single(i => i.Revision == 2).Reason, StringComparison.Ordinal);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal((2, 1), (cluster.MostLive, cluster.FewestReady));
    }

    [Fact]
    public void Who_asked_for_start_first_would_rather_wait()
    {
        var cluster = CalmCluster.Running(Web with { Placement = new PlacementRules { MaxPerWorker = 1 } }, "a");
        cluster.Set("""{"image":"web:2","update":{"order":"start-first"}}""");
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
        Assert.Equal(["slot 1: revision 2 replaces revision 1, but no worker can take its successor: a has 1 instances, at most 1 are allowed; "
            + "it may not take its predecessor's place, for the order is start-first"], cluster.Last!.Waiting);
    }

    [Fact]
    public void A_slot_without_a_place_for_its_successor_keeps_its_revision()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2 }, "a");
        cluster.Set("""{"image":"web:2","resources":{"reserve":{"cpu":100}}}""");
        cluster.Settle();
        Assert.Equal([1, 1], cluster.Record!.Slots.Select(s => s.Revision));
    }

    [Fact]
    public void What_crashes_while_no_successor_has_a_place_begins_again_as_it_was_and_alone()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2 }, "a");
        cluster.Set("""{"image":"web:2","resources":{"reserve":{"cpu":100}}}""");
        cluster.Settle();
        cluster.Kill("web-2-r1-a1", 1);
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1 on a", "web-2-r1-a2 on a"], cluster.Live);
        Assert.Equal("revision 2: 0/2 updated", cluster.Last!.Rollout);
    }

    [Fact]
    public void As_long_as_one_slot_can_begin_again_as_it_was_the_update_is_not_over()
    {
        var needing = Web.Container with { Resources = new() { Reserve = new(6) } };
        var cluster = CalmCluster.Running(Web with { Instances = 2, Container = needing }, "a");
        cluster.Set("""{"image":"web:2","resources":{"reserve":{"cpu":100}}}""");
        cluster.Settle();
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
        Assert.Equal("revision 2: 0/2 updated", cluster.Last!.Rollout);
    }

    [Theory]
    [InlineData("", "web-1-r2-a1")]
    [InlineData("web-2-r1-a1", "web-2-r2-a1")]
    public void No_more_take_their_predecessors_places_than_may_be_unavailable(string unready, string successor)
    {
        var spec = Web with
        {
            Instances = 2, Placement = new PlacementRules { MaxPerWorker = 1 }, Update = new UpdatePolicy { Parallelism = 2 },
        };
        var cluster = CalmCluster.Running(spec, "a", "b");
        if (unready.Length > 0) cluster.Tell(cluster.WorkerOf(unready), CalmCluster.Unready with { Instance = unready });
        cluster.Set("""{"image":"web:2"}""");
        Assert.Equal([successor], cluster.Decide().Record.Instances.Where(i => i.Revision == 2).Select(i => i.Name));
    }
}
