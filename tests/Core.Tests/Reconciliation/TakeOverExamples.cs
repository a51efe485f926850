using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>
/// When what serves ends for a successor that is ready to start in its place: what has failed since the successor was decided counts.
/// </summary>
public sealed class TakeOverExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 2 };

    /// <summary>Of images that take their time.</summary>
    private static CalmCluster Running(ServiceSpec spec, params string[] workers)
    {
        var cluster = CalmCluster.Running(spec, workers);
        foreach (var image in new[] { "web:1", "web:2" })
            cluster.Unpreparable[image] = prepared => prepared with { Phase = Phase.Placed };
        return cluster;
    }

    /// <summary>Slots of a fixed port, each of which is to move to a worker without one.</summary>
    private static CalmCluster Moving(int maxUnavailable, int instances, int moves)
    {
        var spec = Web with
        {
            Container = Web.Container with { Ports = [new(80, 8080)] }, Instances = instances, MaxUnavailable = maxUnavailable,
            Update = new UpdatePolicy { Parallelism = 3 },
        };
        var cluster = Running(spec, [.. new[] { "a", "b", "c" }.Take(instances)]);
        cluster.Workers.AddRange([CalmCluster.NewWorker("d"), CalmCluster.NewWorker("e")]);
        foreach (var slot in Enumerable.Range(1, moves))
            cluster.Edit(cluster.WorkerOf($"web-{slot}-r1-a1"), w => w with { Draining = true });
        return cluster.Settle();
    }

    /// <summary>Slots that are updated in the places of what serves in them, for only one instance is allowed on each worker.</summary>
    private static CalmCluster Updating(int maxUnavailable, int instances, int parallelism)
    {
        var spec = Web with
        {
            Instances = instances, MaxUnavailable = maxUnavailable, Placement = new PlacementRules { MaxPerWorker = 1 },
            Update = new UpdatePolicy { Parallelism = parallelism },
        };
        var cluster = Running(spec, [.. new[] { "a", "b", "c" }.Take(instances)]);
        cluster.Set("""{"image":"web:2"}""");
        return cluster.Settle();
    }

    private static void Ready(CalmCluster cluster, string instance, bool ready) => cluster.Tell(cluster.WorkerOf(instance),
        CalmCluster.Unready with { Instance = instance, Health = ready ? InstanceHealth.Healthy : InstanceHealth.Starting });

    private static void Prepared(CalmCluster cluster, string instance) =>
        cluster.Tell(cluster.WorkerOf(instance), new InstanceReport { Instance = instance, Phase = Phase.Prepared });

    private static IEnumerable<string> Ending(CalmCluster cluster) => cluster.Decide().Steps.OfType<Stop>().Select(s => s.Instance);

    [Fact]
    public void A_move_waits_while_another_slot_serves_nobody()
    {
        var cluster = Moving(maxUnavailable: 1, instances: 2, moves: 1);
        Ready(cluster, "web-2-r1-a1", false);
        Prepared(cluster, "web-1-r1-a2");
        Assert.Empty(Ending(cluster));
        Assert.Equal(
            ["slot 1: web-1-r1-a2 is ready to take the place of web-1-r1-a1; waits for its turn: at most 1 at a time"],
            cluster.Last!.Waiting);
        Ready(cluster, "web-2-r1-a1", true);
        Assert.Equal(["web-1-r1-a1"], Ending(cluster));
    }

    [Fact]
    public void Moves_that_become_ready_together_do_not_take_away_too_much_together()
    {
        var cluster = Moving(maxUnavailable: 2, instances: 3, moves: 2);
        Ready(cluster, "web-3-r1-a1", false);
        foreach (var successor in new[] { "web-1-r1-a2", "web-2-r1-a2" }) Prepared(cluster, successor);
        Assert.Equal(["web-1-r1-a1"], Ending(cluster));
    }

    [Fact]
    public void So_does_an_update_in_the_place_of_what_serves()
    {
        var cluster = Updating(maxUnavailable: 1, instances: 2, parallelism: 3);
        Ready(cluster, "web-2-r1-a1", false);
        Prepared(cluster, "web-1-r2-a1");
        Assert.Empty(Ending(cluster));
        Assert.Contains(
            "slot 1: web-1-r2-a1 is ready to take the place of web-1-r1-a1; waits for its turn: at most 1 at a time",
            cluster.Last!.Waiting);
        Ready(cluster, "web-2-r1-a1", true);
        Assert.Equal(["web-1-r1-a1"], Ending(cluster));
    }

    [Fact]
    public void And_several_updates_take_away_no_more_than_moves_do()
    {
        var cluster = Updating(maxUnavailable: 2, instances: 3, parallelism: 2);
        Ready(cluster, "web-3-r1-a1", false);
        foreach (var successor in new[] { "web-1-r2-a1", "web-2-r2-a1" }) Prepared(cluster, successor);
        Assert.Equal(["web-1-r1-a1"], Ending(cluster));
    }

    [Fact]
    public void An_update_that_stops_first_is_told_its_own_parallelism()
    {
        var update = new UpdatePolicy { Order = UpdateOrder.StopFirst, Parallelism = 2 };
        var cluster = CalmCluster.Running(Web with { Instances = 4, Update = update }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Pass(TimeSpan.FromSeconds(6));
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        foreach (var served in new[] { "web-1-r2-a1", "web-2-r2-a1" }) cluster.Kill(served, 1);
        cluster.Settle();
        Prepared(cluster, "web-3-r2-a1");
        Assert.Empty(Ending(cluster));
        Assert.Equal("web-3-r2-a1 is ready to take the place of web-3-r1-a1; waits for its turn: at most 2 at a time",
            cluster.Last!.WaitingBySlot[3]);
    }
}
