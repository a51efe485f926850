using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>When it is known how many instances run, and which of a plan's steps are new.</summary>
public sealed class SituationExamples
{
    private readonly CalmCluster cluster =
        CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 2 }, "a", "b");

    [Fact]
    public void What_an_earlier_activation_has_put_on_a_ready_worker_is_not_known_before_that_has_told()
    {
        Assert.True(cluster.Situation.IsObserved());
        Activate();
        Assert.False(cluster.Situation.IsObserved());
        cluster.Hear("a");
        Assert.False(cluster.Situation.IsObserved());
        cluster.Hear("b");
        Assert.True(cluster.Situation.IsObserved());
    }

    [Fact]
    public void A_worker_that_has_told_and_did_not_name_it_has_it_no_more()
    {
        Activate();
        var empty = Observations.None;
        foreach (var worker in new[] { "a", "b" })
            empty = empty.With(new ServiceReport { Worker = worker, Service = "web", Sequence = 9, Complete = true, Instances = [] });
        Assert.True((cluster.Situation with { Observed = empty }).IsObserved());
    }

    [Fact]
    public void Nobody_waits_for_the_word_of_a_worker_that_is_not_ready()
    {
        Activate();
        foreach (var worker in new[] { "a", "b" }) cluster.Edit(worker, w => w with { Health = WorkerHealth.Suspect });
        Assert.True(cluster.Situation.IsObserved());
    }

    [Fact]
    public void What_this_activation_itself_has_decided_is_known_to_be_on_its_way()
    {
        Activate();
        var record = cluster.Record!;
        var since = cluster.Since;
        foreach (var decided in new[] { since, since.AddSeconds(1) })
        {
            var its = record with { Instances = [.. record.Instances.Select(it => it with { DecidedAt = decided })] };
            Assert.True((cluster.Situation with { Record = its }).IsObserved());
        }
    }

    [Fact]
    public void Placed_is_what_a_record_did_not_know_before_and_not_what_is_only_ordered_again()
    {
        var created = new CalmCluster("a");
        created.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 2 });
        var first = created.Decide();
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1"], first.PlacedSince(null).Select(step => step.Instance));
        var again = created.Decide();
        Assert.Equal(2, again.Steps.Count);
        Assert.Empty(again.PlacedSince(first.Record));
    }

    private void Activate()
    {
        cluster.Idle(TimeSpan.FromSeconds(1));
        cluster.Activate();
    }
}
