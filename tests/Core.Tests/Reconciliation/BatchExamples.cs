using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>Which slots an update takes next, how it watches them, and what it says meanwhile.</summary>
public sealed class BatchExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };

    private static CalmCluster Running(ServiceSpec spec, params string[] workers) =>
        CalmCluster.Running(spec, workers.Length > 0 ? workers : ["a", "b", "c"]);

    private static string Revisions(CalmCluster cluster) => string.Join(' ', cluster.Record!.Slots.Select(s => s.Revision));

    private static void Ready(CalmCluster cluster, string instance, bool ready)
    {
        var worker = cluster.WorkerOf(instance);
        cluster.Tell(worker, CalmCluster.Unready with { Instance = instance, Health = ready ? InstanceHealth.Healthy
            : InstanceHealth.Starting });
    }

    /// <summary>The first retry of a slot follows at once, so this leaves them waiting for a while before the second.</summary>
    private static void FailTwice(CalmCluster cluster, params int[] slots)
    {
        cluster.Settle();
        foreach (var attempt in new[] { 1, 2 })
        {
            foreach (var slot in slots) cluster.Kill($"web-{slot}-r2-a{attempt}", 1);
            cluster.Settle();
        }
    }

    private static IEnumerable<string> Told(CalmCluster cluster) =>
        cluster.Record!.History.Where(e => e.Kind == HistoryKind.Rollout).Select(e => e.What);

    [Fact]
    public void The_slot_that_serves_nobody_is_updated_first()
    {
        var cluster = Running(Web);
        Ready(cluster, "web-3-r1-a1", false);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Decide();
        Assert.Equal("1 1 2", Revisions(cluster));
    }

    [Fact]
    public void Then_the_slot_in_which_a_successor_is_on_its_way_already()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal("2 2 1", Revisions(cluster));
        cluster.Set("""{"image":"web:3"}""");
        cluster.Decide();
        Assert.Equal("2 3 1", Revisions(cluster));
    }

    [Fact]
    public void A_successor_that_is_no_longer_right_ends_before_the_predecessor_that_serves()
    {
        var cluster = Running(Web with { Instances = 1 });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Orders.Clear();
        cluster.Set("""{"image":"web:3"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(
            ["stop web-1-r2-a1", "forget web-1-r2-a1", "run web-1-r3-a1", "stop web-1-r1-a1", "forget web-1-r1-a1"],
            cluster.Orders.Select(o => o[..o.IndexOf(" on ", StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_move_under_way_in_an_updated_slot_counts_against_the_next_batch()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { Monitor = TimeSpan.FromSeconds(5),
            Delay = TimeSpan.FromSeconds(10) } }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        var updated = cluster.WorkerOf("web-1-r2-a1");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Pass(TimeSpan.FromSeconds(6));
        cluster.Edit(updated, w => w with { Draining = true });
        cluster.Pass(TimeSpan.FromSeconds(20));
        // Slot 1 has proven good and moves; its successor is not ready, so nobody else is updated or moved.
        Assert.Equal("2 1 1", Revisions(cluster));
        Assert.DoesNotContain(cluster.Last!.Waiting, it => it.Contains("serve nobody", StringComparison.Ordinal));
        Ready(cluster, "web-1-r2-a2", true);
        cluster.Settle();
        Assert.Equal("2 2 1", Revisions(cluster));
        Assert.True(cluster.MostLive <= 4, $"{cluster.MostLive} were live");
    }

    [Fact]
    public void A_successor_that_stops_being_ready_is_watched_anew()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(3));
        Ready(cluster, "web-1-r2-a1", false);
        Assert.Equal("revision 2: 0/3 updated, 1 starting", cluster.Decide().Rollout);
        cluster.Pass(TimeSpan.FromSeconds(1));
        Ready(cluster, "web-1-r2-a1", true);
        Assert.Equal("revision 2: 0/3 updated, monitoring until 12:00:09", cluster.Decide().Rollout);
    }

    [Fact]
    public void A_successor_that_has_not_been_heard_of_since_an_activation_is_watched_on()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(3));
        cluster.Activate();
        Assert.Equal("revision 2: 0/3 updated, monitoring until 12:00:05", cluster.Decide().Rollout);
    }

    [Fact]
    public void Of_several_failures_the_first_is_named()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { Parallelism = 2 } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Kill("web-2-r2-a1", 2);
        cluster.Decide();
        Assert.Equal("revision 2 was rolled back to 1: slot 1 failed: exit code 1", cluster.Record!.LastRollout);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["revision 2 is rolled back to 1: slot 1 failed: exit code 1", "back on revision 1"], Told(cluster));
    }

    [Fact]
    public void What_is_undone_says_so()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        cluster.Kill("web-2-r2-a1", 1);
        Assert.Equal("undoing revision 2, back to 1: 2/3 updated, 1 starting", cluster.Decide().Rollout);
    }

    [Fact]
    public void A_failure_that_is_tolerated_lets_the_next_batch_begin_at_once()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Continue } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Decide();
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Fact]
    public void A_slot_that_failed_tries_again_when_it_is_its_turn_and_not_beside_the_next_batch()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Continue, Monitor = TimeSpan.Zero } });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1", "web-2-r2-a1", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal(["slot 1: revision 2 replaces revision 1; waits for its turn: at most 1 at a time"], cluster.Last!.Waiting);
        foreach (var next in new[] { "web-2-r2-a1", "web-3-r2-a1", "web-1-r2-a2" })
        {
            Ready(cluster, next, true);
            cluster.Settle();
        }

        Assert.Equal(["web-1-r2-a2", "web-2-r2-a1", "web-3-r2-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal((4, 3), (cluster.MostLive, cluster.FewestReady));
    }

    [Fact]
    public void A_slot_that_would_try_again_and_finds_no_room_says_so()
    {
        var cluster = Running(Web with { Instances = 1, Update = new UpdatePolicy { OnFailure = FailureAction.Continue } }, "a");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        FailTwice(cluster, 1);
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Decide();
        Assert.Equal(["web-1-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        var waiting = Assert.Single(cluster.Last!.Waiting);
        Assert.StartsWith("slot 1: revision 2 replaces revision 1, but no worker can take", waiting, StringComparison.Ordinal);
        Assert.Contains("a is draining", waiting, StringComparison.Ordinal);
        Assert.True(cluster.Last.WaitsForRoom);
    }

    [Fact]
    public void Slots_that_failed_together_try_again_one_after_the_other()
    {
        var update = new UpdatePolicy { OnFailure = FailureAction.Continue, Parallelism = 2 };
        var cluster = Running(Web with { Instances = 2, Update = update });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        foreach (var instance in new[] { "web-1-r2-a1", "web-2-r2-a1" }) cluster.Kill(instance, 1);
        cluster.Settle();
        cluster.Set("""{"update":{"parallelism":1}}""");
        foreach (var instance in new[] { "web-1-r2-a2", "web-2-r2-a2" }) cluster.Kill(instance, 1);
        cluster.Settle();
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Decide();
        Assert.Equal(["web-1-r1-a1", "web-1-r2-a3", "web-2-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void Start_first_slots_that_are_empty_try_again_all_at_once()
    {
        var update = new UpdatePolicy { OnFailure = FailureAction.Continue, Parallelism = 2, Delay = TimeSpan.FromHours(1) };
        var cluster = Running(Web with { Update = update });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        FailTwice(cluster, 1, 2);
        cluster.Set("""{"update":{"parallelism":1}}""");
        foreach (var old in new[] { "web-1-r1-a1", "web-2-r1-a1" }) cluster.Kill(old, 1);
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Decide();
        Assert.Equal(["web-1-r2-a3", "web-2-r2-a3", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void What_is_started_anew_takes_no_turn_from_a_slot_that_tries_again()
    {
        var update = new UpdatePolicy
        {
            OnFailure = FailureAction.Continue, Order = UpdateOrder.StopFirst, Monitor = TimeSpan.Zero, Delay = TimeSpan.FromMinutes(2),
        };
        var cluster = Running(Web with { Update = update });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Ready(cluster, "web-1-r2-a1", true);
        cluster.Pass(TimeSpan.FromMinutes(2));
        FailTwice(cluster, 2);
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Kill("web-1-r2-a1");
        cluster.Decide();
        Assert.Equal(["web-1-r2-a2", "web-2-r2-a3", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_slot_that_can_be_tried_nowhere_takes_no_turn_from_another()
    {
        var update = new UpdatePolicy
        {
            OnFailure = FailureAction.Continue, Order = UpdateOrder.StopFirst, Parallelism = 2, Delay = TimeSpan.FromHours(1),
        };
        var cluster = Running(Web with
        {
            Container = new() { Image = "web:1", Volumes = [new VolumeMount("data", "/data")] }, Update = update,
        });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        var there = cluster.WorkerOf("web-1-r2-a1");
        FailTwice(cluster, 1, 2);
        cluster.Set("""{"update":{"parallelism":1}}""");
        cluster.Edit(there, w => w with { Draining = true });
        cluster.Decide();
        Assert.Equal(["web-2-r2-a3", "web-3-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_slot_that_ends_is_waited_for_before_its_turn_to_try_again()
    {
        var update = new UpdatePolicy
        {
            OnFailure = FailureAction.Continue, Order = UpdateOrder.StopFirst, Parallelism = 2, Delay = TimeSpan.FromHours(1),
        };
        var cluster = Running(Web with { Update = update });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        foreach (var slot in new[] { 1, 2 }) cluster.Kill($"web-{slot}-r2-a1", 1);
        cluster.Settle();
        cluster.Set("""{"update":{"parallelism":1}}""");
        var worker = cluster.WorkerOf("web-2-r2-a2");
        cluster.Deaf.Add(worker);
        cluster.Tell(worker, CalmCluster.Unready with { Instance = "web-2-r2-a2", Health = InstanceHealth.Unhealthy });
        cluster.Decide();
        cluster.Idle(TimeSpan.FromMinutes(1));
        cluster.Decide();
        Assert.Contains($"slot 2: waits until web-2-r2-a2 on {worker} has ended", cluster.Last!.Waiting);
    }

    [Fact]
    public void A_slot_that_failed_does_not_try_again_beside_one_that_is_admitted_while_it_is_being_moved()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Continue,
            Delay = TimeSpan.FromSeconds(10) } });
        foreach (var image in new[] { "web:1", "web:2" }) cluster.Behaviours[image] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        FailTwice(cluster, 1);
        cluster.Edit(cluster.WorkerOf("web-2-r1-a1"), w => w with { Draining = true });
        cluster.Settle();
        Assert.Contains("web-2-r1-a2", cluster.Record!.Instances.Select(i => i.Name));

        // A new activation decides nothing until all are heard; by then both the retry and the next batch are due.
        cluster.Activate();
        cluster.Idle(TimeSpan.FromSeconds(20));
        foreach (var worker in cluster.Workers) cluster.Hear(worker.Name);
        cluster.Decide();
        Assert.Equal("2 2 1", Revisions(cluster));
        Assert.DoesNotContain("web-1-r2-a3", cluster.Record.Instances.Select(i => i.Name));
        Assert.Contains("slot 1: revision 2 replaces revision 1; waits for its turn: at most 1 at a time", cluster.Last!.Waiting);
    }

    [Fact]
    public void A_slot_that_still_serves_does_not_try_a_revision_again_that_has_been_superseded()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Pause, Delay = TimeSpan.FromMinutes(10) } });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        FailTwice(cluster, 1);
        Ready(cluster, "web-3-r1-a1", false);
        cluster.Set("""{"image":"web:3"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("2 1 3", Revisions(cluster));
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1", "web-3-r3-a1"], cluster.Record!.Instances.Select(i => i.Name));

        cluster.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal("3 3 3", Revisions(cluster));
    }

    /// <summary>From its start, or from its decision when the worker's clock is wrong.</summary>
    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 8)]
    [InlineData(-3, 5)]
    [InlineData(3600, 5)]
    public void A_retry_too_must_prove_good_before_its_predecessor_ends(int startedAfter, int endsAfter)
    {
        var cluster = Running(Web with { Instances = 1,
            Update = new UpdatePolicy { OnFailure = FailureAction.Pause, Monitor = TimeSpan.FromSeconds(5) } });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        var retry = cluster.Record!.Instances.Single(i => i.Name == "web-1-r2-a2");
        cluster.Idle(TimeSpan.FromSeconds(4));
        cluster.Tell(retry.Worker,
            new InstanceReport { Instance = retry.Name, Phase = Phase.Running, StartedAt = retry.DecidedAt
            + TimeSpan.FromSeconds(startedAfter) });
        var left = TimeSpan.FromSeconds(endsAfter - 4);
        cluster.Pass(left - TimeSpan.FromMilliseconds(1));
        Assert.Equal(["web-1-r1-a1", "web-1-r2-a2"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal(retry.DecidedAt + TimeSpan.FromSeconds(endsAfter), cluster.Last!.LookAgainAt);
        cluster.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal(["web-1-r2-a2"], cluster.Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_slot_that_returns_to_what_still_serves_does_not_use_a_name_again_later()
    {
        var cluster = Running(Web with { Instances = 1, Update = new UpdatePolicy { OnFailure = FailureAction.Pause } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Change(new RollBack());
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Activate();
        foreach (var worker in cluster.Workers) cluster.Hear(worker.Name);
        cluster.Change(new RollBack(2));
        Assert.Contains("web-1-r2-a2", cluster.Decide().Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void A_move_under_way_leaves_the_batch_so_much_less()
    {
        var cluster = Running(Web with { Instances = 4,
            Update = new UpdatePolicy { Parallelism = 2, Monitor = TimeSpan.Zero, Delay = TimeSpan.FromSeconds(10) } }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Assert.Equal("2 2 1 1", Revisions(cluster));
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        var updated = cluster.WorkerOf("web-1-r2-a1");
        cluster.Edit(updated, w => w with { Draining = true });
        cluster.Settle();
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 2 2 1", Revisions(cluster));
    }

    [Fact]
    public void A_pause_after_a_failure_and_an_end_are_told_in_the_history()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Pause } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 3);
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Change(new ResumeRollout());
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["the rollout of revision 2 is paused: slot 1 failed: exit code 3", "3/3 updated to revision 2"],
            Told(cluster).Where(t => !t.Contains("resumed", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_rollback_on_request_says_so()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Change(new RollBack());
        cluster.Settle();
        Assert.Equal("back to revision 1: 0/3 updated, monitoring until 12:01:05", cluster.Last!.Rollout);
    }

    [Fact]
    public void The_pause_between_batches_begins_when_the_whole_batch_has_proven_good()
    {
        var cluster = Running(Web with { Instances = 4,
            Update = new UpdatePolicy { Parallelism = 2, Delay = TimeSpan.FromMinutes(1), Monitor = TimeSpan.FromSeconds(5) } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Ready(cluster, "web-2-r2-a1", false);
        cluster.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("revision 2: 1/4 updated, 1 starting", cluster.Last!.Rollout);
        Ready(cluster, "web-2-r2-a1", true);
        cluster.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal("revision 2: 2/4 updated, next batch at 12:01:15", cluster.Last.Rollout);
    }

    [Fact]
    public void A_batch_is_watched_until_its_last_member_has_proven_good()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { Parallelism = 2 } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        Ready(cluster, "web-1-r2-a1", false);
        cluster.Pass(TimeSpan.FromSeconds(2));
        Ready(cluster, "web-1-r2-a1", true);
        Assert.Equal("revision 2: 0/3 updated, monitoring until 12:00:07", cluster.Decide().Rollout);
    }

    [Fact]
    public void What_is_undone_does_not_pause_between_batches()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { Delay = TimeSpan.FromMinutes(10) } });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(20 * 60 + 12));
        Assert.Equal("2 2 2", Revisions(cluster));
        cluster.Kill("web-3-r2-a1", 1);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(("1 1 1", null), (Revisions(cluster), cluster.Last!.Rollout));
    }

    [Fact]
    public void Among_those_that_serve_a_successor_on_its_way_comes_first_even_if_its_image_is_slow()
    {
        var cluster = Running(Web);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Behaviours["web:2"] = new InstanceReport { Instance = "", Phase = Phase.Starting };
        cluster.Pass(TimeSpan.FromSeconds(70));
        Assert.Equal("2 2 2", Revisions(cluster));
        cluster.Set("""{"image":"web:3"}""");
        cluster.Decide();
        Assert.Equal("2 3 2", Revisions(cluster));
    }

    [Fact]
    public void A_member_that_begins_again_elsewhere_holds_up_the_next_batch()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Edit(cluster.WorkerOf("web-1-r2-a1"), w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.Contains("web-1-r2-a2", cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("2 1 1", Revisions(cluster));
    }

    [Fact]
    public void A_member_that_fails_and_is_given_up_has_failed_once()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Continue } });
        cluster.Set("""{"image":"web:2","restart":{"attempts":1}}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        Assert.Equal("revision 2: 0/3 updated, 1 starting, 1 failed", cluster.Decide().Rollout);
    }

    [Fact]
    public void What_becomes_of_a_failed_slot_during_the_pause_makes_the_pause_neither_longer_nor_shorter()
    {
        var cluster = Running(Web with { Update = new UpdatePolicy { OnFailure = FailureAction.Continue,
            Delay = TimeSpan.FromMinutes(10) } });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Pass(TimeSpan.FromMinutes(5));
        Ready(cluster, "web-1-r2-a2", true);
        Assert.Equal("revision 2: 1/3 updated, 1 failed, next batch at 12:10:00", cluster.Decide().Rollout);
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("2 2 1", Revisions(cluster));
    }
}
