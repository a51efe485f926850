using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>When a service wants to be looked at again although nothing is reported.</summary>
public sealed class LookAgainExamples
{
    private readonly CalmCluster cluster = new("a", "b");

    private double? Seconds => (cluster.Decide().LookAgainAt - cluster.Now)?.TotalSeconds;

    public LookAgainExamples() =>
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1", StopGrace = TimeSpan.FromSeconds(3) } });

    [Fact]
    public void Orders_whose_effect_is_not_seen_are_repeated()
    {
        Assert.Equal(1, Seconds);
        cluster.Settle();
        // Until then it is not known whether the revision is good.
        Assert.Equal(5, Seconds);
        cluster.Pass(TimeSpan.FromSeconds(5));
        Assert.Null(Seconds);
    }

    [Fact]
    public void After_an_activation_until_all_have_been_heard()
    {
        cluster.Settle();
        cluster.Prove();
        cluster.Activate();
        Assert.Equal(2, Seconds);
        foreach (var worker in new[] { "a", "b" }) cluster.Hear(worker);
        Assert.Null(Seconds);
    }

    [Fact]
    public void When_the_first_exclusion_ends()
    {
        cluster.Workers.RemoveAt(1);
        cluster.Record = cluster.Record! with { Exclusions = [new Exclusion("a", cluster.Now + TimeSpan.FromSeconds(3), "refused"),
            new Exclusion("a", cluster.Now + TimeSpan.FromSeconds(4), "refused again")] };
        Assert.Equal(3, Seconds);
    }

    [Fact]
    public void Before_a_worker_that_nobody_lists_is_given_up_counted_from_the_activation_or_the_later_decision()
    {
        cluster.Settle();
        cluster.Pass(TimeSpan.FromHours(1));
        cluster.Kill("web-1-r1-a1");
        cluster.Settle();
        var there = cluster.Record!.Instances.Single().Worker;
        cluster.Workers.RemoveAll(w => w.Name == there);
        Assert.Equal(15, Seconds);
        cluster.Pass(TimeSpan.FromSeconds(10));
        cluster.Activate();
        Assert.Equal((there, 2.0), (cluster.Record!.Instances.Single().Worker, Seconds));
        cluster.Pass(TimeSpan.FromSeconds(14));
        Assert.Equal(there, cluster.Record.Instances.Single().Worker);
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.NotEqual(there, cluster.Record.Instances.Single().Worker);
    }

    [Fact]
    public void An_instance_ends_with_the_grace_it_was_started_with()
    {
        cluster.Settle();
        cluster.Set("""{"stopGrace":"9s","update":{"order":"stop-first"}}""");
        cluster.Step();
        Assert.Equal(TimeSpan.FromSeconds(3), Assert.Single(cluster.Decide().Steps.OfType<Stop>()).Grace);
    }

    /// <summary>An announcement that room has come free may be lost.</summary>
    [Fact]
    public void After_a_while_when_room_is_missing()
    {
        foreach (var worker in new[] { "a", "b" }) cluster.Edit(worker, w => w with { Health = WorkerHealth.Suspect });
        Assert.Equal(5, Seconds);
    }

    [Fact]
    public void When_the_watch_of_a_batch_ends_although_its_revision_has_proven_good_already()
    {
        cluster.Settle();
        cluster.Set("""{"image":"web:2","update":{"order":"stop-first","monitor":"7s"}}""");
        cluster.Settle();
        cluster.Prove();
        Assert.Equal(7, Seconds);
    }

    [Fact]
    public void When_the_time_of_a_run_is_over()
    {
        var job = new CalmCluster("a");
        job.Create(new ServiceSpec
        {
            Container = new() { Image = "job:1" }, Mode = ServiceMode.Job, Job = new() { Deadline = TimeSpan.FromMinutes(10) },
        });
        job.Settle();
        job.Prove();
        Assert.Equal(CalmCluster.Start + TimeSpan.FromMinutes(10), job.Decide().LookAgainAt);
    }
}
