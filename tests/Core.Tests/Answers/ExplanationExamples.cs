using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Answers;

public sealed class ExplanationExamples
{
    private static Situation Of(CalmCluster cluster, ServiceRecord? record = null) =>
        cluster.Situation with { Record = record ?? cluster.Record! };

    private static CalmCluster Running(ServiceSpec spec, params string[] workers)
    {
        var cluster = new CalmCluster(workers);
        cluster.Create(spec);
        cluster.Settle();
        cluster.Orders.Clear();
        return cluster;
    }

    private static List<string> Steps(PlanView plan) =>
        [.. plan.Steps.Where(s => s.Instance.Length > 0).Select(s => $"{s.Kind} {s.Instance} on {s.Worker}")];

    [Fact]
    public void Each_slot_says_why_it_runs_where_it_runs()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 2 }, "a", "b");
        cluster.Edit("b", w => w with { Load = new WorkerLoad { Cpu = 0.5 } });
        var slots = Explanation.Of(Of(cluster)).Slots;
        Assert.Equal([1, 2], slots.Select(s => s.Slot));
        Assert.StartsWith("fewest instances, then least loaded of 2: 0 here", slots[0].Reason, StringComparison.Ordinal);
        var onB = slots.Single(s => s.Worker == "b");
        Assert.Equal([("b", 0), ("a", 1)], onB.Candidates.Select(c => (c.Worker, c.Here)));
        Assert.True(onB.Candidates[0].Score < onB.Candidates[1].Score);
        Assert.Equal("start-first", Explanation.Of(Of(cluster)).UpdateOrder);
    }

    [Fact]
    public void A_slot_that_does_not_run_says_what_each_worker_lacks()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1", Resources = new() { Reserve = new(9) } } }, "a", "b");
        cluster.Edit("b", w => w with { Draining = true });
        cluster.Settle();
        var slot = Explanation.Of(Of(cluster)).Slots.Single();
        Assert.Equal(["a cpu: has 8 of 8 CPU free, 9 needed", "b draining: is draining"],
            slot.Refused.Select(r => $"{r.Worker} {r.Rule}: {r.Why}"));
        Assert.Equal([("draining", 1), ("cpu", 1)], slot.Refusals.Select(r => (r.Rule, r.Workers)));
        Assert.Equal("no worker can take it: b is draining; a has 8 of 8 CPU free, 9 needed", slot.Waiting);
        Assert.Null(slot.Instance);
    }

    [Fact]
    public void Many_slots_come_in_pages()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 120 }, "a", "b");
        var first = Explanation.Of(Of(cluster));
        Assert.Equal((50, 51), (first.Slots.Count, first.Next));
        Assert.Null(Explanation.Of(Of(cluster), 101).Next);
    }

    [Fact]
    public void A_dry_run_of_every_verb_tells_what_is_then_done()
    {
        foreach (var change in new ServiceChange[]
        {
            new UpdateService(new() { ["instances"] = 5 }), new UpdateService(new() { ["instances"] = 1 }),
                new UpdateService(new() { ["image"] = "web:2" }), new RestartInstances(), new WithdrawService(),
            new UpdateService(new() { ["image"] = "web:2", ["instances"] = 4 }),
        })
        {
            foreach (var port in new int?[] { null, 8080 })
            {
                var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1", Ports = [new PortMapping(80, port)] },
                    Instances = 3 }, "a", "b", "c", "d", "e");
                var before = cluster.Record!;
                var changed = cluster.Ask(change).Record!;
                var plan = DryRun.Of(before, Of(cluster, changed));
                cluster.Pass(TimeSpan.FromMinutes(5));
                Assert.Equal(Steps(plan), cluster.Orders);
                Assert.NotEmpty(cluster.Orders);
                Assert.All(plan.Steps, s => Assert.NotEmpty(s.Reason));
            }
        }
    }

    [Fact]
    public void A_dry_run_of_a_creation_and_of_a_rollback_too()
    {
        var fresh = new CalmCluster("a", "b");
        fresh.Create(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 3 });
        var creation = DryRun.Of(null, Of(fresh));
        fresh.Settle();
        Assert.Equal(Steps(creation), fresh.Orders);
        Assert.Equal(3, fresh.Orders.Count);

        fresh.Set("""{"image":"web:2"}""");
        fresh.Pass(TimeSpan.FromMinutes(1));
        fresh.Orders.Clear();
        var before = fresh.Record!;
        var back = DryRun.Of(before, Of(fresh, fresh.Ask(new RollBack()).Record!));
        fresh.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(Steps(back), fresh.Orders);
        Assert.Contains(back.Steps, s => s is { Kind: "revision", Reason: "rolled back from revision 2 to 1" });
        Assert.Contains(back.Steps, s =>
            s is { Kind: "forget", Instance: "web-1-r2-a1", Reason: "ended (replaced by web-1-r1-a2) and replaced or no longer wanted" });
    }

    [Fact]
    public void A_dry_run_of_a_drain_says_where_each_instance_would_go_and_what_would_hold_it()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 4 }, "a", "b");
        var plan = DryRun.OfDrain(Of(cluster), new DrainQuestion("a", [])).Plan;
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Settle();
        Assert.Equal(Steps(plan), cluster.Orders);
        Assert.All(plan.Steps.Where(s => s.Kind == "run"), s => Assert.Equal("b", s.Worker));

        var stuck = DryRun.OfDrain(Of(cluster), new DrainQuestion("b", [])).Plan;
        Assert.Empty(Steps(stuck));
        Assert.Contains("no worker can take its successor", stuck.Waiting[0], StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_dry_run_of_a_drain_one_service_has_what_another_left()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1", Ports = [new(80, 8080)],
            Resources = new() { Reserve = new(5) } } }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        var alone = DryRun.OfDrain(Of(cluster), new DrainQuestion("a", []));
        Assert.Equal([new TakenRoom("b", new ResourceAmount(5), [new HostPort(8080)])], alone.Taken);
        var after = DryRun.OfDrain(Of(cluster), new DrainQuestion("a", [new TakenRoom("b", new ResourceAmount(4), [])]));
        Assert.Equal(["slot 1: a is draining, but no worker can take its successor: a is draining; b has 4 of 8 CPU free, 5 needed"],
            after.Plan.Waiting);
        Assert.Empty(after.Taken);
        var port = DryRun.OfDrain(Of(cluster), new DrainQuestion("a", [new TakenRoom("b", new ResourceAmount(), [new HostPort(8080)])]));
        Assert.Equal(["slot 1: a is draining, but no worker can take its successor: a is draining; b has port 8080/tcp taken"],
            port.Plan.Waiting);
    }

    [Fact]
    public void A_dry_run_of_an_update_without_room_says_what_it_waits_for_and_waits_for_no_room_itself()
    {
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1", Resources = new() { Reserve = new(6) } },
            Update = new UpdatePolicy { Order = UpdateOrder.StartFirst } }, "a");
        var before = cluster.Record!;
        var plan = DryRun.Of(before, Of(cluster, cluster.Ask(new RestartInstances()).Record!));
        Assert.Empty(Steps(plan));
        Assert.Equal(["slot 1: revision 2 replaces revision 1, but no worker can take its successor: a has 2 of 8 CPU free, 6 needed; "
            + "it may not take its predecessor's place, for the order is start-first"], plan.Waiting);
    }

    [Fact]
    public void A_dry_run_of_a_huge_change_is_bounded_and_says_so()
    {
        Worlds.SkipSizeWhenFew();
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 800,
            Update = new UpdatePolicy { Parallelism = 100 } }, "a", "b");
        var before = cluster.Record!;
        var plan = DryRun.Of(before, Of(cluster, cluster.Ask(new RestartInstances()).Record!));
        Assert.InRange(plan.Steps.Count, 500, 1000);
        Assert.Contains($"only the first {plan.Steps.Count} steps are shown", plan.Waiting);
    }

    [Fact]
    public void A_dry_run_of_a_huge_service_looks_at_fewer_steps_and_says_so()
    {
        Worlds.SkipSizeWhenFew();
        var cluster = Running(new ServiceSpec { Container = new() { Image = "web:1" }, Instances = 1500 }, "a", "b");
        var plan = DryRun.Of(cluster.Record!, Of(cluster, cluster.Ask(new RestartInstances()).Record!));
        Assert.InRange(plan.Steps.Count, 50, 499);
        Assert.Contains($"only the first {plan.Steps.Count} steps are shown", plan.Waiting);
    }
}
