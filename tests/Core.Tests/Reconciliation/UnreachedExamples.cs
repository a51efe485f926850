using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>A worker that renews its lease, and whom no order reaches.</summary>
public sealed class UnreachedExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" }, Instances = 1 };

    private static readonly ServiceSpec Once = Web with { Container = Web.Container with { OnLeaseLost = LeaseLoss.Stop } };

    [Fact]
    public void What_has_not_been_seen_to_begin_there_goes_elsewhere_after_a_while()
    {
        var cluster = Deaf(Web);
        Wait(cluster, 14);
        Assert.Equal(["web-1-r1-a1 a"], Placed(cluster));
        Assert.Equal(
            ["slot 1: a does not answer orders: no answer within 3 s; another worker that can take it gets it after 15s"],
            cluster.Last!.Waiting);
        Wait(cluster, 1);
        Assert.Equal(["web-1-r1-a2 b"], Placed(cluster));
        Assert.Empty(cluster.Settle().Last!.Waiting);
        Assert.Equal("a does not answer orders", $"{cluster.Record!.Exclusions.Single() switch { var e => $"{e.Worker} {e.Why}" }}");
        Assert.Equal(
            "web-1-r1-a1 was not begun on a, which does not answer orders (no answer within 3 s): it goes elsewhere",
            cluster.Record!.History[^1].What);

        // The order arrives after all: what it has begun is ended.
        cluster.Deaf.Clear();
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running });
        Assert.Equal(["web-1-r1-a2 on b"], cluster.Settle().Live);
    }

    [Fact]
    public void A_successor_that_was_made_ready_and_cannot_be_told_to_start_says_so()
    {
        var cluster = CalmCluster.Running(Web with { Update = new() { Order = UpdateOrder.StopFirst } }, "a");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Step();
        Assert.Equal(Phase.Prepared, cluster.Observed.Find("web-1-r2-a1")!.Report.Phase);
        cluster.Step();
        cluster.Deaf.Add("a");
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Exited, ExitCode = 0 });
        cluster.Step();
        Assert.Equal(["slot 1: a does not answer orders: no answer within 3 s"], cluster.Decide().Waiting);
    }

    [Fact]
    public void What_no_other_worker_can_take_is_ordered_on()
    {
        var cluster = Deaf(Web, others: 0);
        Wait(cluster, 60);
        Assert.Equal(["web-1-r1-a1 a"], Placed(cluster));
        cluster.Deaf.Clear();
        Assert.Equal(["web-1-r1-a1 on a"], cluster.Settle().Live);
    }

    [Fact]
    public void What_may_run_once_only_begins_nowhere_else_before_its_worker_has_told_that_it_has_not_begun_it()
    {
        var cluster = Deaf(Once);
        Wait(cluster, 600);
        Assert.Equal(["web-1-r1-a1 a"], Placed(cluster));
        Assert.Equal(
            ["slot 1: a does not answer orders: no answer within 3 s; whether it has begun there is not known, so it begins nowhere else"],
            cluster.Last!.Waiting);

        // It does not have it, and might begin it yet: it takes orders that are bound to its seventh report.
        cluster.Hear("a", ordersSince: 7);
        Wait(cluster, 1);
        Assert.Equal(["web-1-r1-a1 a"], Placed(cluster));

        cluster.Hear("a", ordersSince: 8);
        Assert.Equal(["web-1-r1-a2 b"], Placed(cluster));
    }

    [Fact]
    public void What_may_run_once_only_and_has_begun_there_stays_however_old_its_order_is()
    {
        var cluster = Deaf(Once);
        Wait(cluster, 5);
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running });
        cluster.Hear("a", ordersSince: 100);
        Wait(cluster, 60);
        Assert.Equal(["web-1-r1-a1 a"], Placed(cluster));
        Assert.Empty(cluster.Last!.Waiting);
    }

    [Fact]
    public void Where_its_volume_is_it_stays()
    {
        var volume = new VolumeMount("data", "/data");
        var cluster = CalmCluster.Running(Web with { Container = Web.Container with { Volumes = [volume] } }, "a", "b");
        var worker = cluster.WorkerOf("web-1-r1-a1");
        cluster.Deaf.Add(worker);
        cluster.Kill("web-1-r1-a1");
        cluster.Decide();
        Wait(cluster, 60);
        Assert.Equal([$"web-1-r1-a2 {worker}"], Placed(cluster));
    }

    [Fact]
    public void Two_that_do_not_answer_are_left_in_turn()
    {
        var cluster = Deaf(Web, others: 2);
        cluster.Deaf.Add("b");
        Wait(cluster, 31);
        Assert.Equal(["web-1-r1-a3 c"], Placed(cluster));
        Assert.Equal(["web-1-r1-a3 on c"], cluster.Settle().Live);
    }

    /// <summary>The service is placed on the idle worker a, whose seventh report is known, and whom no order reaches.</summary>
    private static CalmCluster Deaf(ServiceSpec spec, int others = 1)
    {
        var cluster = new CalmCluster([.. new[] { "a", "b", "c" }.Take(1 + others)]);
        foreach (var (at, worker) in cluster.Workers.ToList().Index())
            cluster.Edit(worker.Name, it => it with { Heard = 7, Load = new() { Cpu = 0.3 * at } });
        cluster.Deaf.Add("a");
        cluster.Create(spec);
        cluster.Step();
        return cluster;
    }

    private static void Wait(CalmCluster cluster, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            cluster.Idle(TimeSpan.FromSeconds(1));
            cluster.Step();
        }
    }

    private static IEnumerable<string> Placed(CalmCluster cluster)
    {
        cluster.Decide();
        return cluster.Record!.Instances.Select(it => $"{it.Name} {it.Worker}");
    }
}
