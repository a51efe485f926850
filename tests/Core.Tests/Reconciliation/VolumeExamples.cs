using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>What a volume holds does not move: who needs it stays with it, until somebody lets go.</summary>
public sealed class VolumeExamples
{
    private static ServiceSpec With(VolumeMount volume, int instances = 1) =>
        new() { Container = new() { Image = "web:1", Volumes = [volume] }, Instances = instances };

    [Fact]
    public void An_exclusive_volume_has_one_instance_on_each_worker()
    {
        var cluster = CalmCluster.Running(With(new VolumeMount("data", "/data", Exclusive: true), instances: 3), "a", "b");
        Assert.Equal(["a", "b"], cluster.Record!.Instances.Select(i => i.Worker).Order());
        Assert.Equal(["slot 3: no worker can take it: 2 workers have volume data open exclusively"], cluster.Last!.Waiting);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Record.Instances, i => Assert.Equal(2, i.Revision));
        Assert.Equal(2, cluster.MostLive);
    }

    [Fact]
    public void A_slot_stays_with_its_volume()
    {
        var (cluster, there) = WithData();
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        Assert.Equal(there, cluster.WorkerOf("web-1-r1-a2"));
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Pass(TimeSpan.FromMinutes(10));
        Assert.Empty(cluster.Record!.Instances);
        Assert.Equal([$"slot 1: needs its volume data, which is on {there} (lost); release-volume lets go of it"], cluster.Last!.Waiting);
    }

    [Fact]
    public void A_worker_that_nobody_knows_is_named_and_so_is_the_rule_by_which_it_takes_no_other()
    {
        var (cluster, there) = WithData();
        cluster.Set($$"""{"instances":2,"placement":{"constraints":["worker == {{there}}"]} }""");
        cluster.Settle();
        cluster.Set("""{"placement":{"maxPerWorker":1}}""");
        cluster.Kill("web-2-r1-a1", 1);
        Assert.Contains($"slot 2: needs its volume data, which is on {there} (has 1 instances, at most 1 are allowed); "
            + "release-volume lets go of it", cluster.Decide().Waiting);
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Workers.RemoveAll(w => w.Name == there);
        Assert.Contains($"slots 1, 2: needs its volume data, which is on {there} (not known at present); "
            + "release-volume lets go of it", cluster.Decide().Waiting);
    }

    [Fact]
    public void Also_when_it_was_scaled_away_in_between()
    {
        var (cluster, there) = WithData();
        cluster.Set("""{"instances":0}""");
        cluster.Settle();
        cluster.Edit(there, w => w with { Load = new WorkerLoad { Cpu = 1 } });
        cluster.Set("""{"instances":1}""");
        cluster.Settle();
        Assert.Equal(there, cluster.Record!.Instances.Single().Worker);
    }

    [Fact]
    public void A_drain_says_what_holds_it_and_goes_on_when_somebody_lets_go()
    {
        var (cluster, there) = WithData();
        cluster.Edit(there, w => w with { Draining = true });
        cluster.Settle();
        Assert.Equal([$"web-1-r1-a1: {there} is draining, but its successor needs its volume data, which is on {there} (draining); "
            + "release-volume lets go of it"], Explanation.Holding(cluster.Record!, cluster.Last!, there));
        cluster.Change(new ReleaseVolume { Who = "ann" });
        cluster.Settle();
        Assert.NotEqual(there, cluster.Record!.Instances.Single().Worker);
        Assert.Contains(
            cluster.Record.History, e => e is { What: var what, Who: "ann" } && what == $"let go of the volume of slot 1 on {there}");
        // And stays where it has one now.
        var now = cluster.Record.Instances.Single().Worker;
        cluster.Edit(there, w => w with { Draining = false });
        cluster.Edit(now, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.Empty(cluster.Record.Instances);
        Assert.Equal(ServiceOutcome.Conflict, cluster.Ask(new ReleaseVolume(2)).Outcome);
    }

    [Fact]
    public void A_slot_that_its_volume_holds_takes_no_turn_from_one_that_may_leave()
    {
        var cluster = CalmCluster.Running(With(new VolumeMount("data", "/data"), instances: 2), "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Decide();
        cluster.Change(new ReleaseVolume(2));
        cluster.Settle();
        Assert.Equal(["a", "b"], cluster.Record!.Instances.Select(i => i.Worker));
    }

    [Theory]
    [InlineData("/srv/data", VolumeAffinity.Worker)]
    [InlineData("data", VolumeAffinity.None)]
    public void What_is_no_volume_of_the_worker_or_wants_no_affinity_holds_nobody(string source, VolumeAffinity affinity)
    {
        var (cluster, there) = WithData(new VolumeMount(source, "/data", Affinity: affinity));
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.NotEqual(there, cluster.Record!.Instances.Single().Worker);
    }

    [Fact]
    public void What_its_volume_holds_is_not_rebalanced()
    {
        var cluster = CalmCluster.Running(With(new VolumeMount("data", "/data"), instances: 4), "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Change(new RebalanceInstances());
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("a", i.Worker));
        Assert.Null(cluster.Record.Rebalance);
    }

    private static (CalmCluster Cluster, string There) WithData(VolumeMount? volume = null)
    {
        var cluster = CalmCluster.Running(With(volume ?? new VolumeMount("data", "/data")), "a", "b");
        return (cluster, cluster.Record!.Instances.Single().Worker);
    }
}
