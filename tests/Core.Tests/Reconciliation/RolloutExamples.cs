using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class RolloutExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };

    private static CalmCluster Running(ServiceSpec spec) => CalmCluster.Running(spec, "a", "b", "c");

    [Fact]
    public void An_update_starts_each_successor_before_its_predecessor_ends()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Assert.Equal("revision 2: 0/3 updated, monitoring until 12:00:05", cluster.Last!.Rollout);
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1", "web-3-r2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Null(cluster.Record.Rollout);
        Assert.Equal("3/3 updated to revision 2", cluster.Record.LastRollout);
        Assert.Equal((4, 3), (cluster.MostLive, cluster.FewestReady));
        Assert.Equal(
            ["run web-1-r2-a1", "stop web-1-r1-a1", "forget web-1-r1-a1", "run web-2-r2-a1", "stop web-2-r1-a1", "forget web-2-r1-a1",
                "run web-3-r2-a1", "stop web-3-r1-a1", "forget web-3-r1-a1"],
            cluster.Orders.Select(o => o[..o.IndexOf(" on ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_fixed_host_port_stops_first_and_says_so()
    {
        var cluster = Running(Web with { Instances = 2, Container = Web.Container with { Ports = [new PortMapping(80, 8080)] } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(["web-1-r2-a1", "web-2-r2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal((2, 1), (cluster.MostLive, cluster.FewestReady));
        Assert.Equal("host port 8080 is fixed, so the old instance stops first",
            ControlPlane.Reconciliation.Succession.Of(cluster.Record.Spec).Why);
    }

    [Fact]
    public void What_may_run_once_only_stops_first_and_says_so()
    {
        var cluster = Running(Web with { Instances = 1, Container = Web.Container with { OnLeaseLost = LeaseLoss.Stop } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(["web-1-r2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal((1, 0), (cluster.MostLive, cluster.FewestReady));
        Assert.Equal("each instance is at most one (onLeaseLost: stop), so the old one stops first",
            ControlPlane.Reconciliation.Succession.Of(cluster.Record.Spec).Why);
    }

    [Fact]
    public void A_bad_image_is_rolled_back_and_the_service_says_why()
    {
        var cluster = Running(Web);
        cluster.Behaviours["web:bad"] = new InstanceReport { Instance = "", Phase = Phase.Exited, ExitCode = 1,
            Message = "cannot open shop" };
        cluster.Set("""{"image":"web:bad"}""");
        cluster.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("web:1", cluster.Record.Spec.Container.Image);
        Assert.Equal((1, 2), (cluster.Record.Revision, cluster.Record.LastRevision));
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: exit code 1: cannot open shop", cluster.Record.LastRollout);
        Assert.Equal(3, cluster.FewestReady);
        Assert.Contains(cluster.Record.History, h =>
            h.Kind == HistoryKind.Rollout && h.What == "revision 2 is rolled back to 1: slot 1 failed: exit code 1: cannot open shop");
    }

    [Fact]
    public void An_instance_that_fails_while_it_is_watched_rolls_back_those_already_updated()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(["web-1-r2-a1", "web-2-r1-a1", "web-2-r2-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Kill("web-2-r2-a1", 3);
        cluster.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(["web-1-r1-a2", "web-2-r1-a1", "web-3-r1-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal(1, cluster.Record.Revision);
        Assert.Null(cluster.Record.Rollout);
    }

    [Fact]
    public void A_failed_update_can_pause_instead_and_be_resumed()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Pause } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 3);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("revision 2: 1/3 updated, 1 failed; paused: slot 1 failed: exit code 3", cluster.Last!.Rollout);
        Assert.Equal(["web-1-r2-a2", "web-2-r1-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Change(new ResumeRollout());
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r2-a2", "web-2-r2-a1", "web-3-r2-a1"], cluster.Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void Tolerated_failures_do_not_stop_an_update()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { MaxFailureRatio = 0.34 } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 3);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("2/3 updated to revision 2, 1 failed", cluster.Record!.LastRollout);
        Assert.Equal(2, cluster.Record.Revision);
    }

    [Fact]
    public void An_update_begins_once_all_workers_have_been_heard()
    {
        var cluster = Running(Web);
        cluster.Activate();
        cluster.Set("""{"image":"web:2"}""");
        cluster.Hear("a");
        Assert.All(cluster.Decide().Record.Slots, s => Assert.Equal(1, s.Revision));
        cluster.Hear("b");
        cluster.Hear("c");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Record!.Slots, s => Assert.Equal(2, s.Revision));
    }

    [Fact]
    public void As_many_failures_as_are_tolerated_are_tolerated()
    {
        var cluster = Running(Web with { Instances = 4, Update = new UpdatePolicy { MaxFailureRatio = 0.25 } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 3);
        cluster.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("3/4 updated to revision 2, 1 failed", cluster.Record!.LastRollout);
    }

    [Fact]
    public void A_successor_that_alone_serves_is_kept_until_the_next_revision_takes_its_place()
    {
        var cluster = Running(Web with { Instances = 1, Update = new UpdatePolicy { Monitor = TimeSpan.FromHours(1) } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Tell(cluster.Record!.Instances[0].Worker,
            new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Starting });
        cluster.ResetCounts();
        cluster.Set("""{"image":"web:3"}""");
        cluster.Pass(TimeSpan.FromHours(2));
        Assert.Equal(["web-1-r3-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal(1, cluster.FewestReady);
    }

    [Fact]
    public void A_second_change_takes_the_place_of_the_first()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Set("""{"image":"web:3"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Record!.Instances, i => Assert.Equal(3, i.Revision));
        Assert.DoesNotContain(cluster.Orders, o => o.StartsWith("run web-2-r2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failure_of_a_second_change_returns_to_the_last_good_revision()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Behaviours["web:3"] = new InstanceReport { Instance = "", Phase = Phase.Exited, ExitCode = 1 };
        cluster.Set("""{"image":"web:3"}""");
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.All(cluster.Record!.Instances, i => Assert.Equal(1, i.Revision));
        Assert.Equal("web:1", cluster.Record.Spec.Container.Image);
    }

    [Fact]
    public void A_rollback_returns_to_a_named_revision_and_keeps_the_scale()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Set("""{"instances":4}""");
        cluster.Settle();
        cluster.Change(new RollBack());
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r1-a2", "web-2-r1-a2", "web-3-r1-a2", "web-4-r1-a2"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("web:1", cluster.Record.Spec.Container.Image);
        Assert.Equal(ServiceOutcome.Conflict, cluster.Ask(new RollBack(7)).Outcome);
    }

    [Fact]
    public void A_restart_replaces_all_one_by_one()
    {
        var cluster = Running(Web);
        cluster.Change(new RestartInstances { Who = "ann", Why = "leak" });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Record!.Instances, i => Assert.Equal(2, i.Revision));
        Assert.Equal((4, 3), (cluster.MostLive, cluster.FewestReady));
        Assert.Contains(cluster.Record.Revisions, r => r is { Number: 2, Who: "ann", Why: "leak" });
    }

    [Fact]
    public void A_paused_rollout_touches_no_further_slot()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Change(new PauseRollout { Who = "ann" });
        cluster.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(["web-1-r2-a1", "web-2-r1-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("revision 2: 1/3 updated; paused: by ann", cluster.Last!.Rollout);
    }

    [Fact]
    public void Batches_have_the_asked_size_and_pause_between()
    {
        var cluster = Running(Web with { Instances = 4,
            Update = new UpdatePolicy { Parallelism = 2, Delay = TimeSpan.FromMinutes(1), Monitor = TimeSpan.FromSeconds(1) } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal([2, 2, 1, 1], cluster.Record!.Instances.Select(i => i.Revision));
        Assert.Equal("revision 2: 2/4 updated, next batch at 12:01:01", cluster.Last!.Rollout);
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal([2, 2, 2, 2], cluster.Record.Instances.Select(i => i.Revision));
        Assert.Equal((6, 4), (cluster.MostLive, cluster.FewestReady));
    }

    [Fact]
    public void A_change_that_needs_no_new_container_touches_nothing()
    {
        var cluster = Running(Web);
        cluster.Set("""{"labels":{"team":"red"},"update":{"parallelism":2},"restart":{"attempts":3}}""");
        cluster.Settle();
        Assert.Empty(cluster.Orders);
        Assert.Equal(1, cluster.Record!.Revision);
    }
}
