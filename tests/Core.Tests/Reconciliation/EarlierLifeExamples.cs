using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>A record is new, or came from a backup, and containers of its name are there already.</summary>
public sealed class EarlierLifeExamples
{
    private readonly CalmCluster cluster = new("a", "b");

    [Fact]
    public void Nothing_is_begun_before_all_who_may_know_have_told()
    {
        Create(instances: 1);
        var first = Decide();
        Assert.Empty(first.Steps);
        Assert.Same(cluster.Record, first.Record);
        Assert.Equal(["a may have instances of web, and has not told yet what it has",
            "b may have instances of web, and has not told yet what it has"], first.Waiting);
        Assert.Equal(cluster.Now + StepsDue.RollCallAfter, first.LookAgainAt);
        cluster.Hear("a");
        Assert.Equal(["b may have instances of web, and has not told yet what it has"], Decide().Waiting);
        cluster.Hear("b");
        Assert.Equal(["web-1-r1-a1"], Decide().Record.Instances.Select(i => i.Name));
        Assert.Empty(Decide().Record.ToBeHeard);
    }

    [Fact]
    public void A_lost_worker_is_not_waited_for_nor_is_anybody_by_what_is_withdrawn()
    {
        Create(instances: 1);
        cluster.Hear("a");
        cluster.Edit("b", w => w with { Health = WorkerHealth.Lost });
        Assert.Single(Decide().Record.Instances);
        cluster.Edit("b", w => w with { Health = WorkerHealth.Suspect });
        Assert.Empty(Decide().Record.Instances);
        cluster.Record = cluster.Record! with { Withdrawn = true };
        var plan = Decide();
        Assert.Empty(plan.Record.ToBeHeard);
        Assert.Empty(plan.Waiting);
    }

    [Fact]
    public void What_was_made_from_the_spec_goes_on_under_its_number_and_only_what_lacks_is_begun()
    {
        Create(instances: 3);
        There("a", "web-1-r4-a2");
        There("b", "web-3-r4-a1", phase: Phase.Starting);
        var plan = Heard();
        Assert.Equal(["web-1-r4-a2", "web-2-r4-a1", "web-3-r4-a1"], plan.Record.Instances.Select(i => i.Name).Order());
        Assert.Equal(["web-2-r4-a1"], plan.Steps.OfType<Run>().Select(step => step.Instance));
        Assert.DoesNotContain(plan.Steps, step => step is Stop);
        var record = plan.Record;
        Assert.Equal((4, 4, 4, 4), (record.Revision, record.LastRevision, record.FirstRevision, record.Revisions.Single().Number));
        Assert.Equal([(1, 2), (2, 1), (3, 1)], record.Slots.Select(slot => (slot.Number, slot.Attempt)));
        Assert.All(record.Slots, slot => Assert.Equal((4, (string?)null), (slot.Revision, slot.Worker)));
        var taken = record.Instances[0];
        Assert.Equal("was there before the service's record", taken.Reason);
        Assert.Contains(record.History, it => it is { Kind: HistoryKind.Move, Revision: 4 }
            && it.What == "2 of 2 instances that were there were made from this spec and go on, as revision 4");
    }

    [Fact]
    public void What_was_made_from_another_spec_ends_and_the_new_one_has_a_number_above()
    {
        Create(instances: 1);
        There("a", "web-1-r4-a2", image: "web:0");
        var plan = Heard();
        Assert.Equal((5, 5, 5), (plan.Record.Revision, plan.Record.LastRevision, plan.Record.Revisions.Single().Number));
        Assert.DoesNotContain(plan.Record.Instances, i => i.Name == "web-1-r4-a2");
        Assert.Contains(plan.Steps, step => step is Stop { Instance: "web-1-r4-a2", Worker: "a" });
        Assert.Contains(plan.Record.History, it =>
            it.What == "0 of 1 instances that were there were made from this spec and go on, as revision 5");
    }

    [Fact]
    public void Of_one_number_that_two_stores_have_counted_none_is_trusted()
    {
        Create(instances: 2);
        There("a", "web-1-r4-a1");
        There("b", "web-2-r4-a1", image: "web:0");
        var plan = Heard();
        Assert.Equal(5, plan.Record.Revision);
        Assert.Equal(["web-1-r4-a1", "web-2-r4-a1"], plan.Steps.OfType<Stop>().Select(step => step.Instance).Order());
    }

    [Fact]
    public void What_a_run_of_a_job_has_left_is_not_taken_over_by_a_service()
    {
        Create(instances: 1);
        There("a", "web-1-r4-n7-a1");
        var plan = Heard();
        Assert.Equal(5, plan.Record.Revision);
        Assert.Equal(["web-1-r4-n7-a1"], plan.Steps.OfType<Stop>().Select(step => step.Instance));
    }

    [Fact]
    public void Of_two_numbers_that_fit_goes_on_what_has_more_and_what_comes_next_is_above_all()
    {
        Create(instances: 2);
        There("a", "web-1-r3-a1");
        There("b", "web-2-r3-a1");
        There("b", "web-1-r7-a1");
        var plan = Heard();
        Assert.Equal((3, 7, 3), (plan.Record.Revision, plan.Record.LastRevision, plan.Record.FirstRevision));
        Assert.Equal(["web-1-r3-a1 on a", "web-2-r3-a1 on b"], Instances(plan));
    }

    [Theory]
    [InlineData("web-1-r4-a1", null, "web-1-r4-a2", null, "web-1-r4-a2")]
    [InlineData("web-1-r4-a1", InstanceHealth.Healthy, "web-1-r4-a2", InstanceHealth.Unhealthy, "web-1-r4-a1")]
    public void Of_two_in_a_slot_goes_on_what_serves_best(
        string one, InstanceHealth? health, string other, InstanceHealth? otherHealth, string goesOn)
    {
        Create(instances: 1);
        There("a", one, health: health);
        There("b", other, health: otherHealth);
        Assert.Equal([goesOn], Heard().Record.Instances.Select(i => i.Name).Intersect([one, other]));
    }

    [Fact]
    public void No_more_go_on_than_are_wanted()
    {
        Create(instances: 2);
        There("a", "web-3-r4-a1");
        There("a", "web-2-r4-a1");
        There("b", "web-1-r4-a1");
        var plan = Heard();
        Assert.Equal(["web-1-r4-a1 on b", "web-2-r4-a1 on a"], Instances(plan));
        Assert.Contains(plan.Steps, step => step is Stop { Instance: "web-3-r4-a1" });
    }

    [Fact]
    public void Of_a_global_service_one_goes_on_where_it_is_on_each_worker()
    {
        Create(instances: 1, ServiceMode.Global);
        There("a", "web-5-r4-a1");
        There("a", "web-6-r4-a2");
        There("b", "web-9-r4-a1");
        var plan = Heard();
        Assert.Equal(["web-6-r4-a2 on a", "web-9-r4-a1 on b"], Instances(plan));
        Assert.Equal(["a", "b"], plan.Record.Slots.Select(slot => slot.Worker));
    }

    [Fact]
    public void What_has_ended_or_bears_no_such_name_is_not_there()
    {
        Create(instances: 1);
        There("a", "web-1-r8-a1", phase: Phase.Exited);
        There("a", "shop-1-r9-a1");
        There("b", "by-hand");
        Assert.Equal((1, "web-1-r1-a1"), (Heard().Record.Revision, Heard().Record.Instances.Single().Name));
    }

    [Fact]
    public void A_record_that_knows_instances_is_left_as_it_is()
    {
        Create(instances: 1);
        cluster.Record = cluster.Record! with { ToBeHeard = [] };
        cluster.Settle();
        cluster.Record = cluster.Record with { ToBeHeard = ["a", "b"] };
        There("b", "web-2-r9-a1");
        var plan = Heard();
        Assert.Equal((1, 1), (plan.Record.Revision, plan.Record.LastRevision));
        Assert.Empty(plan.Record.ToBeHeard);
    }

    private void Create(int instances, ServiceMode mode = ServiceMode.Replicated)
    {
        cluster.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = instances, Mode = mode });
        cluster.Record = cluster.Record! with { ToBeHeard = ["a", "b"] };
    }

    private void There(
        string worker, string instance, string image = "web:1", Phase phase = Phase.Running, InstanceHealth? health = null) =>
        cluster.Tell(worker, new InstanceReport
        {
            Instance = instance, Phase = phase, Health = health ?? InstanceHealth.None,
            Fingerprint = Fingerprint.Of(new ContainerSpec { Image = image }),
        });

    private Plan Heard()
    {
        cluster.Hear("a");
        cluster.Hear("b");
        return Decide();
    }

    private Plan Decide() => EarlierLife.Decide(cluster.Situation);

    private static IEnumerable<string> Instances(Plan plan) =>
        plan.Record.Instances.Select(i => $"{i.Name} on {i.Worker}").Order(StringComparer.Ordinal);
}
