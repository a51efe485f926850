using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>An update that does not get on, and what it returns to.</summary>
public sealed class ProgressExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" } };
    private static readonly InstanceReport Fails = new() { Instance = "", Phase = Phase.Exited, ExitCode = 1 };

    [Fact]
    public void An_update_that_does_not_get_on_has_failed_when_its_time_is_over()
    {
        var cluster = CalmCluster.Running(Web with { Instances = 2 }, "a");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal("revision 2: 0/2 updated, 1 starting", cluster.Last!.Rollout);
        Assert.Equal(cluster.Now + TimeSpan.FromSeconds(5), cluster.Last.LookAgainAt);
        cluster.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("revision 2 was rolled back to 1: no progress in 10m: slot 1: web-1-r2-a1 on a is not ready", Told(cluster));
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void An_update_that_gets_on_in_the_very_turn_in_which_its_time_is_over_has_not_failed()
    {
        var cluster = CalmCluster.Running(Web with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } }, "a");
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Idle(TimeSpan.FromMinutes(11));
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r2-a1", Phase = Phase.Prepared });
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["web-1-r2-a1 on a"], cluster.Live);
        Assert.Equal("1/1 updated to revision 2", cluster.Record!.LastRollout);
    }

    [Fact]
    public void An_update_that_finds_no_place_has_failed_when_its_time_is_over()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""{"image":"web:2","resources":{"reserve":{"cpu":100}},"update":{"deadline":"1m"}}""");
        cluster.Pass(TimeSpan.FromSeconds(70));
        Assert.Equal("revision 2 was rolled back to 1: no progress in 1m: slot 1: revision 2 replaces revision 1, but no worker can take its "
            + "successor: a has 8 of 8 CPU free, 100 needed", Told(cluster));
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Live);
        Assert.Empty(cluster.Last!.Waiting);
    }

    [Theory]
    [InlineData("pause", "revision 2: 0/1 updated, 1 failed; paused: no progress in 1m: slot 1: web-1-r2-a1 on a is not ready")]
    [InlineData("continue", "0/1 updated to revision 2, 1 failed")]
    public void What_follows_is_what_was_asked_for(string onFailure, string rollout)
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set($$"""{"image":"web:2","update":{"deadline":"1m","onFailure":"{{onFailure}}"} }""");
        cluster.Pass(TimeSpan.FromSeconds(70));
        Assert.StartsWith(rollout, cluster.Last!.Rollout ?? cluster.Record!.LastRollout, StringComparison.Ordinal);
        Assert.Contains("web-1-r1-a1 on a", cluster.Live);
    }

    [Fact]
    public void Pauses_and_the_watch_are_no_want_of_progress()
    {
        var update = new UpdatePolicy { Delay = TimeSpan.FromMinutes(30), Monitor = TimeSpan.FromMinutes(20) };
        var cluster = CalmCluster.Running(Web with { Instances = 2, Update = update }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromHours(2));
        Assert.Equal("2/2 updated to revision 2", cluster.Record!.LastRollout);
    }

    [Fact]
    public void A_revision_that_serves_is_returned_to_once_it_has_served_long_enough()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web with { Instances = 2 });
        cluster.Behaviours["web:2"] = new InstanceReport { Instance = "", Phase = Phase.Exited, ExitCode = 1 };
        cluster.Pass(TimeSpan.FromSeconds(1));
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 2), (cluster.Record!.Revision, cluster.Observed.All.Count(o => o.IsReady)));
        Assert.EndsWith("slot 1 failed: exit code 1; revision 1 serves and is watched before it is returned to", cluster.Last!.Rollout);

        cluster.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: exit code 1", cluster.Record!.LastRollout);
        Assert.Equal(1, cluster.Record.Revision);
        Assert.Equal(["web-1-r1-a1 on b", "web-2-r1-a1 on a"], cluster.Live);
    }

    [Fact]
    public void A_revision_that_never_ran_is_nothing_to_return_to()
    {
        var cluster = new CalmCluster("a");
        cluster.Behaviours["web:1"] = cluster.Behaviours["web:2"] = Fails;
        cluster.Create(Web);
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal((2, "web:2"), (cluster.Record!.Revision, cluster.Record.Spec.Container.Image));
        Assert.Contains(cluster.Record.History, e =>
            e.What == "revision 2 goes on although slot 1 failed: exit code 1: no earlier one has proven good, so there is nothing to return to");
        cluster.Behaviours.Clear();
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.StartsWith("web-1-r2-a", Assert.Single(cluster.Live), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_returns_past_what_has_not_proven_good()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Behaviours["web:2"] = cluster.Behaviours["web:3"] = Fails;
        cluster.Set("""{"image":"web:2","update":{"onFailure":"continue"}}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Set("""{"image":"web:3","update":{"onFailure":"rollback"}}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("revision 3 was rolled back to 1: slot 1 failed: exit code 1", Told(cluster));
    }

    [Fact]
    public void What_has_served_for_the_time_of_the_watch_has_proven_good()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web);
        cluster.Pass(TimeSpan.FromSeconds(4));
        Assert.False(cluster.Record!.FindRevision(1)!.Proven);
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.True(cluster.Record.FindRevision(1)!.Proven);
        Assert.Null(cluster.Last!.LookAgainAt);
    }

    [Fact]
    public void What_does_not_run_in_time_says_what_keeps_it()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Behaviours["web:2"] = new InstanceReport { Instance = "", Phase = Phase.Starting, Message = "pulling web:2" };
        cluster.Set("""{"image":"web:2","update":{"deadline":"1m"}}""");
        cluster.Pass(TimeSpan.FromSeconds(70));
        Assert.Equal(
            "revision 2 was rolled back to 1: no progress in 1m: slot 1: web-1-r2-a1 on a does not run yet: pulling web:2", Told(cluster));
    }

    [Fact]
    public void What_only_waits_for_room_and_may_go_on_waiting_has_not_failed()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""
            {"image":"web:2","resources":{"reserve":{"cpu":100}},"update":{"deadline":"1m","onFailure":"continue"}}
            """);
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("revision 2: 0/1 updated", cluster.Last!.Rollout);
    }

    [Fact]
    public void Time_in_which_no_master_was_there_does_not_count()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2","update":{"deadline":"1m"}}""");
        cluster.Settle();
        cluster.Idle(TimeSpan.FromMinutes(11));
        cluster.Activate();
        cluster.Hear("a");
        cluster.Pass(TimeSpan.FromSeconds(64));
        Assert.Equal("revision 2: 0/1 updated, 1 starting", cluster.Last!.Rollout);
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("revision 2 was rolled back to 1: no progress in 1m: slot 1: web-1-r2-a1 on a is not ready", Told(cluster));
    }

    [Fact]
    public void A_pause_that_would_follow_the_batch_gives_it_no_more_time()
    {
        var update = new UpdatePolicy { Parallelism = 2, Delay = TimeSpan.FromHours(1), Deadline = TimeSpan.FromMinutes(1) };
        var cluster = CalmCluster.Running(Web with { Instances = 3, Update = update }, "a");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Tell("a", CalmCluster.Unready with { Instance = "web-2-r2-a1" });
        cluster.Pass(TimeSpan.FromSeconds(69));
        Assert.Equal("revision 2: 1/3 updated, 1 starting", cluster.Last!.Rollout);
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("revision 2 was rolled back to 1: no progress in 1m: slot 2: web-2-r2-a1 on a is not ready", Told(cluster));
    }

    [Fact]
    public void A_successor_that_is_ready_now_and_then_makes_no_progress()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""{"image":"web:2","update":{"deadline":"1m"}}""");
        cluster.Settle();
        for (var second = 0; second < 65; second += 3)
        {
            Assert.Equal("web-1-r2-a1", cluster.Record!.Instances[^1].Name);
            var health = second % 2 == 0 ? InstanceHealth.Healthy : InstanceHealth.Starting;
            cluster.Tell("a", CalmCluster.Unready with { Instance = "web-1-r2-a1", Health = health });
            cluster.Pass(TimeSpan.FromSeconds(3));
        }

        Assert.StartsWith("revision 2 was rolled back to 1: no progress in 1m", Told(cluster), StringComparison.Ordinal);
    }

    private static string? Told(CalmCluster cluster) => cluster.Record!.LastRollout;
}
