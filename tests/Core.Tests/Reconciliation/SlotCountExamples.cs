using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class SlotCountExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 3 };
    private static readonly ServiceSpec Everywhere = Web with { Mode = ServiceMode.Global };

    private static string Slots(CalmCluster cluster) =>
        string.Join(", ", cluster.Record!.Slots.Select(s => $"{s.Number}{(s.Worker is { } worker ? $" on {worker}" : "")}"));

    [Theory]
    [InlineData(1, "1 instance is wanted")]
    [InlineData(2, "2 instances are wanted")]
    [InlineData(0, "0 instances are wanted")]
    public void What_is_too_many_is_told_why(int instances, string why)
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set($$"""{"instances":{{instances}}}""");
        Assert.Equal(why, cluster.Decide().Record.Instances[^1].Reason);
    }

    [Fact]
    public void One_that_has_none_and_is_changed_begins_with_what_is_new()
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        cluster.Set("""{"instances":0}""");
        cluster.Settle();
        cluster.Set("""{"image":"web:2","instances":2}""");
        cluster.Decide();
        Assert.Equal([2, 2], cluster.Record!.Slots.Select(slot => slot.Revision));
    }

    [Fact]
    public void New_slots_take_the_proven_revision_while_an_update_is_under_way()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""{"image":"web:2","update":{"monitor":"1h"}}""");
        cluster.Settle();
        cluster.Set("""{"instances":4}""");
        cluster.Settle();
        Assert.Contains("web-4-r1-a2 on a", cluster.Live);
    }

    [Fact]
    public void After_a_scale_to_zero_new_slots_take_the_new_revision()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""{"image":"web:2","update":{"monitor":"1h"}}""");
        cluster.Settle();
        cluster.Set("""{"instances":0}""");
        cluster.Settle();
        cluster.Set("""{"instances":1}""");
        cluster.Settle();
        Assert.Equal(["web-1-r2-a2 on a"], cluster.Live);
    }

    [Fact]
    public void A_name_is_not_used_again_by_a_slot_that_comes_back()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Set("""{"instances":1}""");
        cluster.Settle();
        cluster.Set("""{"instances":3}""");
        cluster.Settle();
        Assert.Equal(["web-1-r1-a1 on a", "web-2-r1-a2 on a", "web-3-r1-a2 on a"], cluster.Live);
        // Not by the way of an instance that is there already and has ended.
        Assert.All(cluster.Record!.Slots, slot => Assert.Null(slot.Failures));
    }

    [Fact]
    public void A_global_slot_outlives_its_container_and_remembers_how_it_failed()
    {
        var cluster = CalmCluster.Running(Everywhere, "a", "b");
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            cluster.Kill($"web-1-r1-a{attempt}", 1);
            cluster.Settle();
        }

        Assert.Equal("1 on a, 2 on b", Slots(cluster));
        Assert.StartsWith("slot 1: failed 2 times in a row, last on a (exit code 1)", Assert.Single(cluster.Last!.Waiting),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_global_slot_goes_when_its_worker_is_forgotten()
    {
        var cluster = CalmCluster.Running(Everywhere, "a", "b");
        cluster.Workers.RemoveAll(w => w.Name == "a");
        cluster.Settle();
        Assert.Equal("1 on a, 2 on b", Slots(cluster));
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("2 on b", Slots(cluster));
        Assert.Equal("slot 1 ends: a is no longer known", cluster.Record!.History[^1].What);
    }

    [Theory]
    [InlineData("a", "2 on b")]
    [InlineData("b", "1 on a")]
    public void A_global_slot_goes_when_its_worker_no_longer_fulfils_the_constraints(string worker, string left)
    {
        var cluster = CalmCluster.Running(Everywhere with { Placement = new PlacementRules { Constraints = ["disk != hdd"] } }, "a", "b");
        cluster.Edit(worker, w => w with { Labels = ValueMap.Of(("disk", "hdd")), Health = WorkerHealth.Suspect });
        cluster.Settle();
        // What a silent worker's labels are now nobody knows.
        Assert.Equal("1 on a, 2 on b", Slots(cluster));
        cluster.Edit(worker, w => w with { Health = WorkerHealth.Ready });
        Assert.Equal($"{worker} no longer fulfils the constraints",
            cluster.Decide().Record.Instances.Single(i => i.Worker == worker).Reason);
        cluster.Settle();
        Assert.Equal(left, Slots(cluster));
    }

    [Fact]
    public void A_new_global_slot_takes_no_number_in_which_something_still_ends()
    {
        var cluster = CalmCluster.Running(Everywhere, "a", "b");
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Decide();
        cluster.Workers.Add(CalmCluster.NewWorker("c"));
        cluster.Decide();
        Assert.Equal("2 on b, 3 on c", Slots(cluster));
        cluster.Settle();
        cluster.Workers.Add(CalmCluster.NewWorker("d"));
        cluster.Settle();
        Assert.Equal("1 on d, 2 on b, 3 on c", Slots(cluster));
    }

    [Fact]
    public void A_withdrawn_service_has_no_slots()
    {
        var cluster = CalmCluster.Running(Web, "a");
        cluster.Change(new WithdrawService());
        cluster.Settle();
        Assert.Equal(("", ""), (Slots(cluster), string.Join(", ", cluster.Live)));
    }

    [Fact]
    public void A_slot_that_still_ends_does_not_change_which_revision_new_ones_take()
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 3 }, "a", "b", "c");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Set("""{"instances":2}""");
        cluster.Decide();
        cluster.Set("""{"instances":4}""");
        cluster.Decide();
        Assert.Equal([2, 1, 1, 1], cluster.Record!.Slots.Select(s => s.Revision));
    }
}
