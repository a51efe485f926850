using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class SlotExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };

    [Fact]
    public void Three_instances_run_on_three_workers()
    {
        var cluster = new CalmCluster("a", "b", "c");
        cluster.Create(Web);
        cluster.Settle();
        Assert.Equal(3, cluster.Live.Count());
        Assert.Equal(["a", "b", "c"], cluster.Record!.Instances.Select(i => i.Worker).Order());
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1", "web-3-r1-a1"], cluster.Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_killed_container_is_replaced_at_once_by_a_new_attempt_and_forgotten()
    {
        var cluster = new CalmCluster("a", "b", "c");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Kill("web-2-r1-a1");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a2", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Contains(cluster.Orders, o => o.StartsWith("forget web-2-r1-a1", StringComparison.Ordinal));
        Assert.DoesNotContain(cluster.Live, l => l.StartsWith("web-2-r1-a1", StringComparison.Ordinal));
    }

    [Fact]
    public void Scaling_down_and_up_takes_the_highest_slots_and_never_a_name_twice()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Set("""{"instances":1}""");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Set("""{"instances":0}""");
        cluster.Settle();
        Assert.Empty(cluster.Live);
        cluster.Set("""{"instances":3}""");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2", "web-2-r1-a2", "web-3-r1-a2"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal(1, cluster.Record.Revision);
    }

    [Fact]
    public void Scaling_down_takes_what_serves_nobody_before_what_serves()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Tell(cluster.Record!.Instances[0].Worker,
            new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Starting });
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        Assert.Equal(["web-2-r1-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_revision_that_a_slot_is_to_run_is_kept_however_many_came_after()
    {
        var cluster = new CalmCluster("a");
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Create(Web with { Instances = 1 });
        cluster.Decide();
        for (var image = 2; image <= 14; image++) cluster.Set($$"""{"image":"web:{{image}}"}""");
        cluster.Change(new PauseRollout());
        cluster.Set("""{"instances":2}""");
        cluster.Record = cluster.Record! with { Slots = [cluster.Record.Slots[0] with { Revision = 2 }] };
        // The last ten, the one to which a failure would return, and the slot's.
        Assert.Equal([1, 2, .. Enumerable.Range(5, 10)], cluster.Decide().Record.Revisions.Select(r => r.Number));
    }

    [Fact]
    public void What_has_not_been_heard_of_is_not_ended_to_be_moved()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web with { Instances = 1 });
        cluster.Settle();
        cluster.Activate();
        cluster.Edit(cluster.Record!.Instances.Single().Worker, w => w with { Draining = true });
        Assert.Empty(cluster.Decide().Steps);
        cluster.Hear("a");
        cluster.Hear("b");
        cluster.ResetCounts();
        cluster.Settle();
        Assert.Equal(1, cluster.FewestReady);
        Assert.Equal(["web-1-r1-a2"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_lost_worker_is_replaced_elsewhere_and_its_surplus_stopped_on_return()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web with { Instances = 2 });
        cluster.Settle();
        cluster.Edit("b", w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.All(cluster.Record!.Instances, i => Assert.Equal("a", i.Worker));
        cluster.Edit("b", w => w with { Health = WorkerHealth.Ready });
        cluster.Hear("b");
        cluster.Settle();
        Assert.Equal(2, cluster.Live.Count());
    }

    [Fact]
    public void What_came_back_is_adopted_when_nobody_took_its_slot()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web with { Instances = 1 });
        cluster.Settle();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.Equal(["slot 1: no worker can take it: a is lost"], cluster.Last!.Waiting);
        cluster.Edit("a", w => w with { Health = WorkerHealth.Ready });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_new_activation_takes_nothing_for_dead_until_it_has_heard()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Activate();
        var before = cluster.Record;
        var plan = cluster.Decide();
        Assert.Same(before, plan.Record);
        Assert.Empty(plan.Steps);
        cluster.Hear("a");
        cluster.Hear("b");
        plan = cluster.Decide();
        Assert.Same(before, plan.Record);
        Assert.Empty(plan.Steps);
        Assert.Equal(3, plan.Ready);
    }

    [Fact]
    public void A_withdrawn_service_leaves_a_tombstone_and_its_name_continues()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Change(new WithdrawService());
        cluster.Settle();
        Assert.Empty(cluster.Live);
        Assert.True(cluster.Record!.IsTombstone);
        Assert.Equal(ServiceOutcome.Unknown, cluster.Ask(new RestartInstances()).Outcome);
        cluster.Create(Web with { Instances = 1 });
        cluster.Settle();
        Assert.Equal(["web-1-r2-a1 on a"], cluster.Live);
    }

    [Fact]
    public void A_stray_of_a_withdrawn_service_is_stopped_and_forgotten()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web);
        cluster.Settle();
        cluster.Change(new WithdrawService());
        cluster.Settle();
        cluster.Tell("a", new InstanceReport { Instance = "web-7-r1-a1", Phase = Phase.Running });
        cluster.Settle();
        Assert.Empty(cluster.Live);
    }

    [Fact]
    public void A_container_that_keeps_exiting_is_started_ever_more_rarely()
    {
        var cluster = new CalmCluster("a");
        cluster.Behaviours["web:1"] = new InstanceReport { Instance = "", Phase = Phase.Exited, ExitCode = 1, Message = "no such file" };
        cluster.Create(Web with { Instances = 1 });
        cluster.Settle();
        Assert.Equal(2, cluster.Orders.Count(o => o.StartsWith("run", StringComparison.Ordinal)));
        Assert.StartsWith("slot 1: failed 2 times in a row, last on a (exit code 1: no such file); next try at 12:00:0",
            cluster.Last!.Waiting[0], StringComparison.Ordinal);
        cluster.Pass(TimeSpan.FromSeconds(8));
        Assert.Equal(5, cluster.Orders.Count(o => o.StartsWith("run", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_two_that_serve_nobody_the_one_that_is_not_right_ends()
    {
        var cluster = Doubled();
        cluster.Tell(cluster.WorkerOf("web-1-r1-a1"), CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Set("""{"image":"web:3"}""");
        Assert.Equal(["web-1-r2-a1"], cluster.Decide().Steps.OfType<Stop>().Select(s => s.Instance));
    }

    [Fact]
    public void While_one_of_two_has_not_been_heard_neither_ends()
    {
        var cluster = Doubled();
        var predecessor = cluster.WorkerOf("web-1-r1-a1");
        cluster.Tell(predecessor, CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Edit(cluster.WorkerOf("web-1-r2-a1"), w => w with { Draining = true });
        cluster.Activate();
        cluster.Hear(predecessor);
        Assert.DoesNotContain(cluster.Decide().Record.Instances, i => i.Intent == Intent.Stop);
    }

    [Fact]
    public void A_slot_that_serves_says_for_what_its_successor_waits()
    {
        var cluster = Doubled();
        cluster.Set("""{"image":"web:3"}""");
        var at = cluster.WorkerOf("web-1-r2-a1");
        Assert.Equal([$"slot 1: waits until web-1-r2-a1 on {at} has ended"], cluster.Decide().Waiting);
    }

    [Fact]
    public void A_successor_says_why_it_was_needed_and_why_it_runs_there()
    {
        var cluster = Doubled();
        Assert.StartsWith("revision 2 replaces revision 1; fewest instances",
            cluster.Record!.Instances.Single(i => i.Name == "web-1-r2-a1").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_a_worker_that_is_not_ready_are_not_believed()
    {
        var cluster = CalmCluster.Running(
            new ServiceSpec { Container = new() { Image = "web:1" }, Placement = new PlacementRules { Constraints = ["worker == a"] } },
            "a");
        cluster.Set("""{"placement":{"constraints":["worker == b"]}}""");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Edit("a", w => w with { Health = WorkerHealth.Suspect });
        Assert.Empty(cluster.Decide().Steps);
    }

    [Fact]
    public void A_global_slot_whose_worker_nobody_lists_says_so()
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" }, Mode = ServiceMode.Global }, "a");
        cluster.Workers.Clear();
        cluster.Set("""{"image":"web:2"}""");
        Assert.Equal(["slot 1: revision 2 replaces revision 1, but no worker can take its successor: a is not known at present"],
            cluster.Decide().Waiting);
    }

    [Fact]
    public void A_revision_is_kept_while_an_instance_of_it_runs()
    {
        var cluster = Doubled();
        cluster.Set("""{"update":{"onFailure":"continue"}}""");
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        Assert.Null(cluster.Record!.Rollout);
        TwelveRevisions(cluster);
        Assert.Equal(["web-1-r1-a1"], cluster.Record.Instances.Where(i => i.Intent == Intent.Run).Select(i => i.Name));
        Assert.NotNull(cluster.Record.FindRevision(1));
    }

    [Fact]
    public void A_revision_is_kept_while_it_is_the_one_to_go_back_to()
    {
        var cluster = Doubled("stop-first");
        TwelveRevisions(cluster);
        Assert.DoesNotContain(1, cluster.Record!.Instances.Select(i => i.Revision));
        Assert.NotNull(cluster.Record.FindRevision(1));
    }

    private static void TwelveRevisions(CalmCluster cluster)
    {
        for (var image = 3; image < 15; image++) cluster.Set($$"""{"image":"web:{{image}}"}""");
        cluster.Decide();
    }

    /// <summary>One slot in an update: its new instance does not serve yet.</summary>
    private static CalmCluster Doubled(string order = "start-first")
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a", "b");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set($$"""{"image":"web:2","update":{"order":"{{order}}"} }""");
        return cluster.Settle();
    }
}
