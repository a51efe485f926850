using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>A successor that begins when its predecessor has ended has the room of that one, and no more.</summary>
public sealed class InPlaceExamples
{
    private static readonly UpdatePolicy AllAtOnce = new() { Order = UpdateOrder.StopFirst, Parallelism = 10 };

    private static ServiceSpec Web(int instances, UpdatePolicy? update = null) =>
        new() { Container = new() { Image = "web:1" }, Instances = instances, Update = update ?? AllAtOnce };

    private static IEnumerable<string> Prepared(CalmCluster cluster) =>
        cluster.Decide().Steps.OfType<Prepare>().Select(step => step.Worker).Order(StringComparer.Ordinal);

    [Fact]
    public void All_of_a_batch_find_their_places_in_one_turn_and_stay_spread()
    {
        var cluster = CalmCluster.Running(Web(4), "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        Assert.Equal(["a", "a", "b", "b"], Prepared(cluster));
    }

    [Fact]
    public void A_port_that_is_new_is_given_to_one_of_them()
    {
        var cluster = CalmCluster.Running(Web(2), "a");
        cluster.Set("""{"ports":["8080:80"]}""");
        Assert.Equal(["a"], Prepared(cluster));
    }

    [Fact]
    public void They_need_no_more_room_than_they_have()
    {
        var half = Web(2);
        half = half with { Container = half.Container with { Resources = new() { Reserve = new(4, ByteSize.Mi(64)) } } };
        var cluster = CalmCluster.Running(half, "a");
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Edit("a", w => w with { Load = new WorkerLoad { Reserved = new(8, ByteSize.Mi(128)) }, ReportedAt = cluster.Now });
        cluster.Set("""{"image":"web:2"}""");
        Assert.Equal(["a", "a"], Prepared(cluster));
    }

    [Fact]
    public void A_global_one_has_its_own_port_again()
    {
        var cluster = CalmCluster.Running(new ServiceSpec
        {
            Container = new() { Image = "web:1", Ports = [new(80, 8080)] }, Mode = ServiceMode.Global,
        }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal([("a", 2), ("b", 2)], cluster.Record!.Instances.Select(i => (i.Worker, i.Revision)).Order());
        Assert.Equal(2, cluster.MostLive);
    }

    [Fact]
    public void The_order_to_make_it_ready_says_from_what_and_whose_place_it_takes()
    {
        var cluster = CalmCluster.Running(Web(1), "a");
        cluster.Set("""{"image":"web:2"}""");
        var step = Assert.Single(cluster.Decide().Steps.OfType<Prepare>());
        var revision = cluster.Record!.FindRevision(2)!;
        Assert.Equal(("web-1-r1-a1", revision.Fingerprint, "web:2"), (step.Replaces, step.Fingerprint, step.Image ?? "web:2"));
        Assert.NotNull(step.Fingerprint);
    }

    [Fact]
    public void One_that_is_made_ready_for_what_has_been_superseded_ends()
    {
        var cluster = BeingMadeReady(Web(1));
        cluster.Set("""{"image":"web:3"}""");
        var plan = cluster.Decide();
        Assert.Contains(plan.Steps, step => step is Stop { Instance: "web-1-r2-a1", Reason: "revision 3 replaces revision 2" });
    }

    [Fact]
    public void Nothing_ends_before_both_have_been_heard()
    {
        var cluster = BeingMadeReady(Web(1));
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r2-a1", Phase = Phase.Prepared });
        cluster.Idle(TimeSpan.FromSeconds(1));
        cluster.Activate();
        Assert.DoesNotContain(cluster.Decide().Steps, step => step is Stop);
        // The worker names the successor, and says nothing of the other one, which may serve.
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r2-a1", Phase = Phase.Prepared });
        Assert.DoesNotContain(cluster.Decide().Steps, step => step is Stop);
    }

    [Theory]
    [InlineData(Phase.Placed)]
    [InlineData(Phase.Prepared)]
    public void Who_serves_by_now_is_not_ended_first_where_the_order_is_start_first(Phase successor)
    {
        var cluster = CalmCluster.Running(Web(1, new UpdatePolicy { Order = UpdateOrder.StartFirst }), "a");
        cluster.Tell("a", CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Decide();
        Assert.Equal(Intent.Prepare, cluster.Record!.Instances.Single(i => i.Revision == 2).Intent);
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r2-a1", Phase = successor });
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running });
        var plan = cluster.Decide();
        var stop = Assert.IsType<Stop>(Assert.Single(plan.Steps, step => step is Stop));
        Assert.Equal(("web-1-r2-a1", "web-1-r1-a1 serves by now, and the order is start-first"), (stop.Instance, stop.Reason));
        Assert.DoesNotContain(plan.Waiting, it => it.Contains("made ready", StringComparison.Ordinal));
    }

    [Fact]
    public void Nor_is_what_moves_and_serves_by_now_whatever_an_update_may_do()
    {
        var cluster = CalmCluster.Running(Web(1, new UpdatePolicy()), "a", "b");
        var (there, other) = cluster.Record!.Instances.Single().Worker == "a" ? ("a", "b") : ("b", "a");
        cluster.Tell(there, CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Unpreparable["web:1"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Edit(there, w => w with { Draining = true });
        cluster.Decide();
        Assert.Equal((other, Intent.Prepare), (cluster.WorkerOf("web-1-r1-a2"), cluster.Record!.Instances[^1].Intent));
        cluster.Tell(there, new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running });
        Assert.Contains(cluster.Decide().Steps, step => step is Stop { Instance: "web-1-r1-a2" }
            && step.Reason == "web-1-r1-a1 serves by now, and the order is start-first");
    }

    [Fact]
    public void A_successor_on_a_silent_worker_does_not_take_over()
    {
        var cluster = BeingMadeReady(Web(1), "a", "b");
        var worker = cluster.WorkerOf("web-1-r2-a1");
        cluster.Tell(worker, new InstanceReport { Instance = "web-1-r2-a1", Phase = Phase.Prepared });
        cluster.Edit(worker, w => w with { Health = WorkerHealth.Suspect });
        var plan = cluster.Decide();
        Assert.DoesNotContain(plan.Steps, step => step is Stop);
        Assert.Contains($"slot 1: web-1-r2-a1 is ready to start on {worker}, which is suspect", plan.Waiting);
    }

    [Fact]
    public void What_serves_nobody_waits_in_words_for_a_place_of_its_successor()
    {
        var cluster = CalmCluster.Running(Web(1), "a");
        cluster.Tell("a", CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Set("""{"resources":{"reserve":{"cpu":100}}}""");
        Assert.StartsWith("slot 1: revision 2 replaces revision 1, but no worker can take its successor: ",
            Assert.Single(cluster.Decide().Waiting), StringComparison.Ordinal);
        Assert.True(cluster.Last!.WaitsForRoom);
    }

    [Fact]
    public void Where_nothing_can_run_beside_them_no_more_give_way_at_a_time_than_may_be_unavailable()
    {
        var crowded = Web(3, new UpdatePolicy { Parallelism = 3 }) with { Placement = new() { MaxPerWorker = 1 } };
        var cluster = CalmCluster.Running(crowded, "a", "b", "c");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal((2, 3), (cluster.FewestReady, cluster.Record!.Instances.Count(i => i.Revision == 2)));
    }

    [Fact]
    public void Where_the_old_one_stops_first_its_end_is_waited_for_in_words()
    {
        var cluster = CalmCluster.Running(Web(1), "a");
        cluster.Tell("a", CalmCluster.Unready with { Instance = "web-1-r1-a1", Health = InstanceHealth.Unhealthy });
        Assert.Equal(["slot 1: waits until web-1-r1-a1 on a has ended"], cluster.Decide().Waiting);
    }

    [Fact]
    public void What_is_seen_to_be_stopping_is_not_told_again()
    {
        var cluster = CalmCluster.Running(Web(1), "a");
        cluster.Set("""{"instances":0}""");
        Assert.Single(cluster.Decide().Steps.OfType<Stop>());
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Stopping });
        Assert.Empty(cluster.Decide().Steps);
    }

    /// <summary>Revision 2 is decided, and takes its time to be made ready.</summary>
    private static CalmCluster BeingMadeReady(ServiceSpec spec, params string[] workers)
    {
        var cluster = CalmCluster.Running(spec, workers.Length > 0 ? workers : ["a"]);
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Step();
        cluster.Decide();
        Assert.Equal(Intent.Prepare, cluster.Record!.Instances.Single(i => i.Revision == 2).Intent);
        return cluster;
    }
}
