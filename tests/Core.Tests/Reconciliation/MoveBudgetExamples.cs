using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>How much a move may take away at a time, and what waits for its turn.</summary>
public sealed class MoveBudgetExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };
    private static readonly ServiceSpec FixedPort = Web with { Instances = 2, Container = Web.Container with { Ports = [new(80, 8080)] } };

    private static void Drain(CalmCluster cluster, params string[] workers)
    {
        foreach (var worker in workers) cluster.Edit(worker, w => w with { Draining = true });
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 5)]
    public void A_start_first_move_starts_no_more_successors_at_a_time_than_may_be_unavailable(int maxUnavailable, int mostLive)
    {
        var cluster = CalmCluster.Running(Web with { MaxUnavailable = maxUnavailable }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        Drain(cluster, "a");
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("b", i.Worker));
        Assert.Equal((mostLive, 3), (cluster.MostLive, cluster.FewestReady));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void A_stop_first_move_takes_down_no_more_at_a_time_than_may_be_unavailable(int maxUnavailable, int fewestReady)
    {
        var cluster = CalmCluster.Running(FixedPort with { MaxUnavailable = maxUnavailable }, "a", "b");
        cluster.Workers.AddRange([CalmCluster.NewWorker("c"), CalmCluster.NewWorker("d")]);
        Drain(cluster, "a", "b");
        cluster.Settle();
        Assert.Equal(["c", "d"], cluster.Record!.Instances.Select(i => i.Worker).Order());
        Assert.Equal((2, fewestReady), (cluster.MostLive, cluster.FewestReady));
    }

    [Fact]
    public void What_waits_for_its_turn_says_so()
    {
        var cluster = CalmCluster.Running(FixedPort, "a", "b");
        cluster.Workers.AddRange([CalmCluster.NewWorker("c"), CalmCluster.NewWorker("d")]);
        Drain(cluster, "a", "b");
        var second = cluster.Record!.Instances[1].Worker;
        Assert.Equal(
            ["slot 1: web-1-r1-a2 is being made ready on d",
                $"slot 2: {second} is draining; waits for its turn: at most 1 at a time"],
            cluster.Decide().Waiting);
    }

    [Fact]
    public void A_slot_that_is_down_already_counts_when_more_would_be_taken_down()
    {
        var cluster = CalmCluster.Running(FixedPort, "a", "b", "c");
        var (first, second) = (cluster.Record!.Instances[0], cluster.Record.Instances[1]);
        cluster.Tell(first.Worker, CalmCluster.Unready with { Instance = first.Name });
        Drain(cluster, second.Worker);
        cluster.Settle();
        Assert.Empty(cluster.Orders);
        Assert.Equal([$"slot 2: {second.Worker} is draining; waits for its turn: at most 1 at a time"], cluster.Last!.Waiting);
        cluster.Tell(first.Worker, CalmCluster.Unready with { Instance = first.Name, Health = InstanceHealth.None });
        cluster.Settle();
        Assert.DoesNotContain(second.Worker, cluster.Record.Instances.Select(i => i.Worker));
    }

    [Fact]
    public void Each_that_is_taken_down_counts_beside_those_that_are_down_already()
    {
        var cluster = CalmCluster.Running(FixedPort with { Instances = 3, MaxUnavailable = 2 }, "a", "b", "c");
        cluster.Workers.AddRange([CalmCluster.NewWorker("d"), CalmCluster.NewWorker("e")]);
        var down = cluster.Record!.Instances[0];
        cluster.Tell(down.Worker, CalmCluster.Unready with { Instance = down.Name });
        Drain(cluster, cluster.Record.Instances[1].Worker, cluster.Record.Instances[2].Worker);
        Assert.Equal(["web-2-r1-a2"], cluster.Decide().Steps.Select(s => s.Instance));
    }

    [Fact]
    public void What_is_no_longer_wanted_and_still_ends_holds_no_move_up()
    {
        var cluster = CalmCluster.Running(FixedPort with { Instances = 3 }, "a", "b", "c");
        cluster.Workers.Add(CalmCluster.NewWorker("d"));
        Drain(cluster, cluster.Record!.Instances[0].Worker);
        cluster.Set("""{"instances":2}""");
        Assert.Equal(["web-1-r1-a2", "web-3-r1-a1"], cluster.Decide().Steps.Select(s => s.Instance).Order());
    }

    [Fact]
    public void A_slot_that_is_down_does_not_hold_up_a_start_first_move()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2 }, "a", "b", "c");
        var (first, second) = (cluster.Record!.Instances[0], cluster.Record.Instances[1]);
        cluster.Tell(first.Worker, CalmCluster.Unready with { Instance = first.Name });
        Drain(cluster, second.Worker);
        cluster.Settle();
        Assert.DoesNotContain(second.Worker, cluster.Record.Instances.Select(i => i.Worker));
    }

    [Fact]
    public void What_serves_nobody_ends_before_its_successor_begins_but_not_before_that_can()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Behaviours["web:1"] = CalmCluster.Unready;
        cluster.Create(Web with { Instances = 1 });
        cluster.Settle();
        cluster.Orders.Clear();
        var there = cluster.Record!.Instances.Single().Worker;
        Drain(cluster, there);
        cluster.Settle();
        Assert.Equal(["prepare web-1-r1-a2", "stop web-1-r1-a1", "forget web-1-r1-a1", "run web-1-r1-a2"],
            cluster.Orders.Select(o => o[..o.IndexOf(" on ", StringComparison.Ordinal)]));
        Assert.NotEqual(there, cluster.Record.Instances.Single().Worker);
    }

    [Fact]
    public void A_stop_first_move_without_a_place_to_go_takes_nothing_down()
    {
        var cluster = CalmCluster.Running(FixedPort with { Instances = 1 }, "a");
        Drain(cluster, "a");
        cluster.Settle();
        Assert.Empty(cluster.Orders);
        Assert.Equal(["slot 1: a is draining, but no worker can take its successor: a is draining"], cluster.Last!.Waiting);
        Assert.True(cluster.Last.WaitsForRoom);
    }

    [Fact]
    public void An_update_and_a_move_do_not_hold_each_other_up()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Set("""{"image":"web:2"}""");
        Drain(cluster, "a");
        var begun = cluster.Decide().Record.Instances.Where(i => i.Worker == "b").Select(i => i.Name);
        Assert.Equal(["web-1-r2-a1", "web-2-r1-a2"], begun);
    }

    [Fact]
    public void Stop_first_updates_are_bounded_by_their_parallelism_alone()
    {
        var cluster = CalmCluster.Running(FixedPort with { Update = new UpdatePolicy { Parallelism = 2 } }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Record!.Instances, i => Assert.Equal(2, i.Revision));
        Assert.Equal(0, cluster.FewestReady);
    }

    [Fact]
    public void Two_workers_without_room_are_told_together()
    {
        var cluster = CalmCluster.Running(Web with { Container = Web.Container with { Resources = new() { Reserve = new(6) } } }, "a", "b");
        Assert.Equal(["slot 3: no worker can take it: 2 workers short of CPU (6 needed)"], cluster.Last!.Waiting);
    }

    [Fact]
    public void A_global_slot_says_what_its_worker_lacks()
    {
        var cluster = CalmCluster.Running(
            Web with { Mode = ServiceMode.Global, Container = Web.Container with { Resources = new() { Reserve = new(6) } } }, "a", "b");
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("one on each eligible worker", i.Reason));
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect });
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        Assert.Equal(["slot 1: no worker can take it: a is suspect: it has been silent for a while"], cluster.Last!.Waiting);
    }
}
