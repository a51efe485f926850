using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>What counts as taken on a worker beyond its last figures: neither forgotten nor counted twice.</summary>
public sealed class RoomExamples
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static ServiceSpec Needing(double cpu, int instances = 1) =>
        new() { Container = new() { Image = "web:1", Resources = new() { Reserve = new(cpu) } }, Instances = instances };

    private static CalmCluster Running(ServiceSpec spec, params string[] workers) =>
        CalmCluster.Running(spec, workers.Length > 0 ? workers : ["a"]);

    /// <summary>The worker tells its figures as of now.</summary>
    private static void Figures(CalmCluster cluster, double reserved, string worker = "a") =>
        cluster.Edit(worker, w => w with { Load = new WorkerLoad { Reserved = new ResourceAmount(reserved) }, ReportedAt = cluster.Now });

    [Theory]
    [InlineData(0.999, "slot 2: no worker can take it: a has 0 of 8 CPU free, 5 needed")]
    [InlineData(1, "slot 2: no worker can take it: a has 3 of 8 CPU free, 5 needed")]
    public void An_instance_counts_beside_the_figures_until_they_surely_show_it(double secondsLater, string waiting)
    {
        var cluster = Running(Needing(5));
        cluster.Pass(TimeSpan.FromSeconds(secondsLater));
        Figures(cluster, 5);
        cluster.Set("""{"instances":2}""");
        Assert.Equal([waiting], cluster.Decide().Waiting);
    }

    [Fact]
    public void What_is_to_stop_is_not_counted_beside_the_figures()
    {
        var cluster = Running(Needing(5));
        cluster.Pass(10 * Second);
        Figures(cluster, 5);
        cluster.Pass(Second);
        cluster.Set("""{"image":"web:2","update":{"order":"stop-first"}}""");
        cluster.Decide();
        Assert.Equal(["web-1-r2-a1 on a"], cluster.Pass(Second).Live);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void What_has_ended_after_the_figures_is_free_again(string worker)
    {
        var cluster = Running(Needing(6) with { Placement = new PlacementRules { Constraints = [$"worker == {worker}"] } }, "a", "b");
        cluster.Pass(10 * Second);
        Figures(cluster, 6, worker);
        cluster.Pass(Second);
        cluster.Kill("web-1-r1-a1");
        cluster.Settle();
        Assert.Equal([$"web-1-r1-a2 on {worker}"], cluster.Live);
    }

    [Fact]
    public void What_had_ended_before_the_figures_is_not_given_back_twice()
    {
        var cluster = Running(Needing(6));
        cluster.Pass(10 * Second);
        cluster.Kill("web-1-r1-a1");
        cluster.Pass(10 * Second);
        Figures(cluster, 6);
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        Assert.Single(cluster.Live);
        Assert.Equal(["slot 2: no worker can take it: a has 2 of 8 CPU free, 6 needed"], cluster.Last!.Waiting);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 6)]
    public void A_stray_takes_its_room_once_before_and_after_the_figures_show_it(double secondsLater, double reserved)
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Needing(6));
        cluster.Tell("a", new InstanceReport { Instance = "web-9-r1-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        if (secondsLater > 0) cluster.Workers[0] = cluster.Workers[0] with { ReportedAt = cluster.Now + TimeSpan.FromSeconds(secondsLater),
            Load = new WorkerLoad { Reserved = new ResourceAmount(reserved) } };
        Assert.Equal(["slot 1: no worker can take it: a has 2 of 8 CPU free, 6 needed"], cluster.Decide().Waiting);
    }

    [Fact]
    public void A_stray_has_its_fixed_port_also_before_the_figures_show_it()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec { Container = Needing(1).Container with { Ports = [new PortMapping(80, 8080)] } });
        cluster.Tell("a", new InstanceReport { Instance = "web-9-r1-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        Assert.Equal(["slot 1: no worker can take it: a has port 8080/tcp taken"], cluster.Decide().Waiting);
    }

    [Fact]
    public void What_cannot_be_counted_is_left_out()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Needing(6));
        cluster.Tell("nobody", new InstanceReport { Instance = "web-8-r1-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        cluster.Tell("nobody", new InstanceReport { Instance = "web-9-r1-a1", Phase = Phase.Exited, StartedAt = cluster.Now - Second,
            EndedAt = cluster.Now + Second });
        cluster.Tell("a", new InstanceReport { Instance = "web-7-r5-a1", Phase = Phase.Running, StartedAt = cluster.Now });
        cluster.Tell("a", new InstanceReport { Instance = "web-6-r1-a1", Phase = Phase.Exited, StartedAt = cluster.Now + Second,
            EndedAt = cluster.Now + 2 * Second });
        Assert.Empty(cluster.Decide().Waiting);
        Assert.Single(cluster.Record!.Instances);
    }

    [Fact]
    public void A_slot_of_the_earlier_revision_needs_what_that_revision_needs()
    {
        var cluster = Running(Needing(1, instances: 2));
        cluster.Set("""{"resources":{"reserve":{"cpu":7}},"update":{"order":"start-first"}}""");
        cluster.Settle();
        cluster.Set("""{"instances":3}""");
        cluster.Settle();
        Assert.Equal(3, cluster.Live.Count());
    }

    [Fact]
    public void The_first_worker_too_is_put_behind_when_a_slot_fails_there()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Edit("b", w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Restart = new RestartPolicy { Delay = TimeSpan.Zero } });
        cluster.Settle();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("a", cluster.Record!.Instances.Single().Worker);
            cluster.Kill(cluster.Record.Instances.Single().Name, 1);
            cluster.Settle();
        }

        Assert.Equal("b", cluster.Record!.Instances.Single().Worker);
    }

    [Fact]
    public void Many_that_are_placed_in_one_turn_are_counted_once_each()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Needing(0.25, 30));
        Assert.Equal(30, cluster.Decide().Steps.Count);
    }

    [Theory]
    [InlineData("web-1-r1-a1", "web-2-r2-a1 on b")]
    [InlineData("web-2-r1-a1", "web-1-r2-a1 on b")]
    public void What_another_slot_stops_in_the_same_pass_still_counts_whichever_of_the_two_comes_first(string stays, string begun)
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Edit(stays.StartsWith("web-1", StringComparison.Ordinal) ? "b" : "a", w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 2 });
        cluster.Settle();
        Assert.Contains($"{stays} on a", cluster.Live);
        cluster.Edit("a", w => w with { Load = new WorkerLoad() });
        cluster.Edit("b", w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Kill(cluster.Record!.Instances.Single(i => i.Name != stays).Name);
        cluster.Set("""{"image":"web:2","update":{"order":"stop-first","parallelism":2}}""");
        Assert.Equal([begun], cluster.Decide().Steps.OfType<Run>().Select(run => $"{run.Instance} on {run.Worker}"));
    }

    [Fact]
    public void Memory_that_came_free_after_the_figures_is_free_again()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1",
            Resources = new Resources { Reserve = new ResourceAmount(0, ByteSize.Mi(6000)) } } });
        cluster.Pass(10 * Second);
        cluster.Edit("a", w => w with { Load = new WorkerLoad { Reserved = new ResourceAmount(0, ByteSize.Mi(6000)) },
            ReportedAt = cluster.Now });
        cluster.Pass(Second);
        cluster.Kill("web-1-r1-a1");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
    }

    [Fact]
    public void A_successor_that_waits_on_another_worker_has_all_of_its_room_there()
    {
        var cluster = Running(Needing(5) with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } }, "a", "b");
        cluster.Unpreparable["web:1"] = prepared => prepared with { Phase = Phase.Placed };
        var worker = cluster.WorkerOf("web-1-r1-a1");
        cluster.Edit(worker, w => w with { Draining = true });
        cluster.Settle();
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1", "web-1-r1-a2"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_successor_that_waits_in_the_place_of_its_predecessor_counts_there_when_others_are_spread()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Edit("b", w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Create(Needing(1));
        cluster.Settle();
        cluster.Prove();
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Set("""{"image":"web:2","update":{"order":"stop-first"}}""");
        cluster.Settle();
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1 a", "web-1-r2-a1 a", "web-2-r1-a2 b"], cluster.Record!.Instances.Select(i => $"{i.Name} {i.Worker}"));
    }
}
