using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>Where the old instance stops first, no more slots are emptied at a time than asked for; and who waits for an image.</summary>
public sealed class GapExamples
{
    private static readonly UpdatePolicy StopFirst = new() { Order = UpdateOrder.StopFirst };

    private static CalmCluster Running(UpdatePolicy update, int instances = 3) => CalmCluster.Running(
        new ServiceSpec { Container = new() { Image = "web:1" }, Instances = instances, Update = update }, "a", "b", "c");

    private static string Revisions(CalmCluster cluster) => string.Join(' ', cluster.Record!.Slots.Select(s => s.Revision));

    private static IEnumerable<string> Instances(CalmCluster cluster) => cluster.Record!.Instances.Select(i => i.Name);

    private static void Serves(CalmCluster cluster, string instance)
    {
        var report = new InstanceReport { Instance = instance, Phase = Phase.Running, StartedAt = cluster.Now };
        cluster.Tell(cluster.WorkerOf(instance), report);
        cluster.Settle();
    }

    private static void Prepared(CalmCluster cluster, string instance) =>
        cluster.Tell(cluster.WorkerOf(instance), new InstanceReport { Instance = instance, Phase = Phase.Prepared });

    /// <summary>Slot 1 has proven good, and crashes before the next batch begins; what follows it is not ready.</summary>
    private static CalmCluster Crashed(UpdatePolicy? update = null)
    {
        var cluster = Running((update ?? StopFirst) with { Delay = TimeSpan.FromSeconds(10) });
        cluster.Set("""{"image":"web:2","restart":{"delay":"1m"}}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        Assert.Equal("2 1 1", Revisions(cluster));
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        return cluster;
    }

    [Fact]
    public void A_slot_that_crashes_after_it_proved_good_holds_the_next_batch()
    {
        var cluster = Crashed();
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 1 1", Revisions(cluster));
        Assert.Equal(["slots 2, 3: waits for its turn: a slot that runs revision 2 already serves nobody at present"],
            cluster.Last!.Waiting);
        Serves(cluster, "web-1-r2-a2");
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Fact]
    public void Also_while_it_pauses_after_failures()
    {
        var cluster = Crashed();
        cluster.Kill("web-1-r2-a2", 1);
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(("2 1 1", "slot 1: failed 2 times in a row"), (Revisions(cluster), cluster.Last!.Waiting[0][..31]));
    }

    [Fact]
    public void It_holds_the_end_of_a_predecessor_as_well_whose_successor_was_being_made_ready()
    {
        var cluster = Running(StopFirst);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Pass(TimeSpan.FromSeconds(6));
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        Prepared(cluster, "web-2-r2-a1");
        cluster.Settle();
        Assert.Equal(["slot 2: web-2-r2-a1 is ready to take the place of web-2-r1-a1; waits for its turn: at most 1 at a time"],
            cluster.Last!.Waiting);
        Serves(cluster, "web-1-r2-a2");
        Assert.Equal(["web-1-r2-a2", "web-2-r2-a1", "web-3-r1-a1"], Instances(cluster));
    }

    [Fact]
    public void A_slot_that_is_given_up_after_it_proved_good_fails_the_update()
    {
        var cluster = Running(StopFirst with { Delay = TimeSpan.FromSeconds(10) });
        cluster.Set("""{"image":"web:2","restart":{"attempts":2}}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        cluster.Kill("web-1-r2-a2", 1);
        cluster.Decide();
        Assert.Equal("revision 2 was rolled back to 1: slot 1 is given up: failed 2 times in 1s: exit code 1, last on "
            + cluster.Record!.History.Last(e => e.Kind == HistoryKind.Restart).What.Split(' ')[2], cluster.Record.LastRollout);
    }

    [Fact]
    public void A_slot_that_was_emptied_and_failed_tries_again_in_its_turn()
    {
        var cluster = Running(StopFirst with { OnFailure = FailureAction.Continue, Monitor = TimeSpan.Zero });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Settle();
        // The first retry follows at once, before the next batch; then the batch does not wait for the pause.
        Assert.Equal(["web-1-r2-a2", "web-2-r1-a1", "web-3-r1-a1"], Instances(cluster));
        cluster.Kill("web-1-r2-a2", 1);
        cluster.Settle();
        Assert.Equal("2 2 1", Revisions(cluster));
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(["web-2-r2-a1", "web-3-r1-a1"], Instances(cluster));
        Assert.Equal(["slot 1: revision 2 is to be tried again; waits for its turn: at most 1 at a time"], cluster.Last!.Waiting);
        Serves(cluster, "web-2-r2-a1");
        Assert.Equal(["web-1-r2-a3", "web-2-r2-a1", "web-3-r1-a1"], Instances(cluster));
        Serves(cluster, "web-1-r2-a3");
        Assert.Equal("2 2 2", Revisions(cluster));
        Assert.Equal(1, cluster.FewestReady);
    }

    [Fact]
    public void What_never_comes_to_serve_holds_nobody_up_for_ever()
    {
        var cluster = Running(StopFirst with { OnFailure = FailureAction.Continue, Monitor = TimeSpan.Zero });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2","update":{"deadline":"1m"}}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 1);
        cluster.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal("2 1 1", Revisions(cluster));
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Theory]
    [InlineData(UpdateOrder.StartFirst)]
    [InlineData(UpdateOrder.StopFirst)]
    public void Nobody_waits_long_for_an_image_that_does_not_arrive(UpdateOrder order)
    {
        var cluster = Running(new UpdatePolicy { Order = order });
        cluster.Behaviours["web:2"] = new InstanceReport { Instance = "", Phase = Phase.Starting, Message = "pulling web:2" };
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed, Message = "pulling web:2" };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(("2 1 1", CalmCluster.Start + TimeSpan.FromSeconds(30)), (Revisions(cluster), cluster.Last!.LookAgainAt));
        cluster.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("2 2 1", Revisions(cluster));
        // As many again and no more.
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("2 2 1", Revisions(cluster));
        if (order == UpdateOrder.StopFirst) cluster.Behaviours.Clear();
        if (order == UpdateOrder.StopFirst) Prepared(cluster, "web-2-r2-a1");
        else Serves(cluster, "web-2-r2-a1");
        cluster.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal("2 2 2", Revisions(cluster));
        Assert.Contains("web-1-r1-a1", Instances(cluster));
        Assert.DoesNotContain("web-2-r1-a1", Instances(cluster));
    }

    [Fact]
    public void Images_that_arrive_together_empty_no_more_slots_than_asked_for()
    {
        var cluster = Running(StopFirst);
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed };
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(40));
        Prepared(cluster, "web-1-r2-a1");
        Prepared(cluster, "web-2-r2-a1");
        cluster.Settle();
        Assert.Equal(["web-1-r2-a1", "web-2-r1-a1", "web-2-r2-a1", "web-3-r1-a1"], Instances(cluster));
    }

    [Fact]
    public void But_not_for_longer_than_an_update_may_take()
    {
        var cluster = Crashed();
        cluster.Pass(TimeSpan.FromSeconds(20));
        var end = CalmCluster.Start + TimeSpan.FromSeconds(7) + TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5);
        Assert.Equal(end, cluster.Last!.LookAgainAt);
        cluster.Pass(end - cluster.Now - TimeSpan.FromMilliseconds(1));
        Assert.Equal("2 1 1", Revisions(cluster));
        cluster.Pass(TimeSpan.FromMilliseconds(1));
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Fact]
    public void A_slot_whose_unhealthy_instance_still_ends_holds_the_next_batch_as_well()
    {
        var cluster = Running(StopFirst with { Delay = TimeSpan.FromSeconds(10) });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        var worker = cluster.WorkerOf("web-1-r2-a1");
        cluster.Deaf.Add(worker);
        cluster.Tell(worker, CalmCluster.Unready with { Instance = "web-1-r2-a1", Health = InstanceHealth.Unhealthy });
        for (var second = 0; second < 20; second++)
        {
            cluster.Step();
            cluster.Idle(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("2 1 1", Revisions(cluster));
        Assert.Contains($"slot 1: waits until web-1-r2-a1 on {worker} has ended", cluster.Last!.Waiting);
    }

    [Fact]
    public void Where_its_successor_starts_first_a_slot_that_crashes_holds_up_nobody()
    {
        var cluster = Crashed(new UpdatePolicy { Order = UpdateOrder.StartFirst });
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Fact]
    public void Nor_does_one_that_pauses_after_failures_where_an_update_goes_on_in_spite_of_them()
    {
        var cluster = Crashed(StopFirst with { OnFailure = FailureAction.Continue });
        cluster.Kill("web-1-r2-a2", 1);
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 2 1", Revisions(cluster));
    }

    [Fact]
    public void Several_that_serve_nobody_are_counted()
    {
        var cluster = Running(StopFirst with { Delay = TimeSpan.FromSeconds(10), Parallelism = 2 }, instances: 4);
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(7));
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        foreach (var instance in new[] { "web-1-r2-a1", "web-2-r2-a1" }) cluster.Kill(instance, 1);
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 2 1 1", Revisions(cluster));
        Assert.Equal(
            ["slots 3, 4: waits for its turn: 2 slots that run revision 2 already serve nobody at present"], cluster.Last!.Waiting);
    }

    [Fact]
    public void A_slot_that_serves_nobody_and_has_no_place_says_that_and_not_that_it_waits_for_others()
    {
        var cluster = Crashed();
        var second = cluster.WorkerOf("web-2-r1-a1");
        cluster.Tell(second, CalmCluster.Unready with { Instance = "web-2-r1-a1" });
        var refusals = cluster.Workers.Select(w => new Exclusion(w.Name, cluster.Now + TimeSpan.FromHours(1), "refused"));
        cluster.Record = cluster.Record! with { Exclusions = [.. refusals] };
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.StartsWith("revision 2 replaces revision 1, but no worker can take its successor", cluster.Last!.WaitingBySlot[2],
            StringComparison.Ordinal);
        Assert.Contains("slot 3: waits for its turn: a slot that runs revision 2 already serves nobody at present", cluster.Last.Waiting);
    }

    /// <summary>Only time ends the watch here: the revision has proven good elsewhere, and nothing is admitted or late yet.</summary>
    [Fact]
    public void One_that_tries_again_and_serves_is_watched_before_the_next_one_tries()
    {
        var cluster = Running(
            StopFirst with { OnFailure = FailureAction.Continue, Parallelism = 2, Delay = TimeSpan.FromMinutes(10) });
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Prove();
        cluster.Set("""{"update":{"parallelism":1}}""");
        foreach (var instance in new[] { "web-1-r2-a1", "web-2-r2-a1" }) cluster.Kill(instance, 1);
        cluster.Settle();
        Assert.Equal(["web-1-r2-a2", "web-3-r1-a1"], Instances(cluster));
        Assert.Equal(["slot 2: revision 2 is to be tried again; waits for its turn: at most 1 at a time"], cluster.Last!.Waiting);
        Assert.Equal(cluster.Now + TimeSpan.FromSeconds(5), cluster.Last.LookAgainAt);
        cluster.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(["web-1-r2-a2", "web-2-r2-a2", "web-3-r1-a1"], Instances(cluster));
    }

    [Fact]
    public void A_slot_that_failed_and_was_scaled_away_is_a_new_one_when_it_is_wanted_again()
    {
        var cluster = new CalmCluster("a", "b", "c");
        cluster.Create(new ServiceSpec
        {
            Container = new() { Image = "web:1" }, Instances = 3, Update = StopFirst with { OnFailure = FailureAction.Continue },
        });
        cluster.Settle();
        cluster.Tell(cluster.WorkerOf("web-3-r1-a1"), CalmCluster.Unready with { Instance = "web-3-r1-a1" });
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        foreach (var instance in new[] { "web-3-r2-a1", "web-3-r2-a2" })
        {
            cluster.Settle();
            cluster.Kill(instance, 1);
        }

        cluster.Settle();
        Assert.Equal("2 1 2", Revisions(cluster));
        cluster.Set("""{"instances":2}""");
        cluster.Settle();
        cluster.Set("""{"instances":3}""");
        cluster.Settle();
        // It is no second try, which would wait for its turn.
        Assert.Equal(["web-1-r2-a1", "web-2-r1-a1", "web-3-r2-a3"], Instances(cluster));
    }

    [Fact]
    public void While_nobody_serves_in_a_slot_the_others_wait_for_its_image_however_long_that_takes()
    {
        var cluster = Running(new UpdatePolicy());
        cluster.Tell(cluster.WorkerOf("web-1-r1-a1"), CalmCluster.Unready with { Instance = "web-1-r1-a1" });
        cluster.Unpreparable["web:2"] = prepared => prepared with { Phase = Phase.Placed, Message = "pulling web:2" };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("2 1 1", Revisions(cluster));
    }

    [Fact]
    public void A_slow_image_does_not_keep_another_member_from_beginning_again()
    {
        var cluster = Running(new UpdatePolicy());
        cluster.Behaviours["web:2"] = new InstanceReport { Instance = "", Phase = Phase.Starting, Message = "pulling web:2" };
        cluster.Set("""{"image":"web:2"}""");
        cluster.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal("2 2 1", Revisions(cluster));
        cluster.Kill("web-2-r2-a1", cause: EndCause.Machine);
        cluster.Settle();
        Assert.Contains("web-2-r2-a2", Instances(cluster));
    }
}
