using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.Core.Tests.Simulation;
using Orchestrator.ControlPlane.Wishes;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class RestartExamples
{
    private static readonly ServiceSpec Web = new() { Container = new() { Image = "web:1" } };

    private static CalmCluster Running(RestartPolicy policy, params string[] workers) =>
        CalmCluster.Running(Web with { Restart = policy }, workers.Length > 0 ? workers : ["a"]);

    private static string Name(CalmCluster cluster) => cluster.Record!.Instances.Single().Name;

    [Fact]
    public void After_a_bound_of_failures_the_service_says_so_and_stops_trying()
    {
        var cluster = Running(new RestartPolicy { Attempts = 3, Delay = TimeSpan.FromSeconds(10) });
        for (var i = 0; i < 3; i++)
        {
            cluster.Pass(TimeSpan.FromSeconds(30));
            cluster.Kill(Name(cluster), 1, "disk full");
            cluster.Settle();
        }

        Assert.Equal("slot 1: failed 3 times in 1m: exit code 1: disk full, last on a", string.Join("; ", cluster.Last!.Waiting));
        cluster.Pass(TimeSpan.FromHours(1));
        Assert.Empty(cluster.Live);
        cluster.Set("""{"restart":{"attempts":5}}""");
        cluster.Settle();
        Assert.Single(cluster.Live);
    }

    [Fact]
    public void Failures_of_long_ago_do_not_count()
    {
        var cluster = Running(new RestartPolicy { Attempts = 2, Window = TimeSpan.FromMinutes(5) });
        for (var i = 0; i < 4; i++)
        {
            cluster.Pass(TimeSpan.FromMinutes(6));
            cluster.Kill(Name(cluster), 1);
            cluster.Settle();
        }

        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Single(cluster.Live);
    }

    [Fact]
    public void A_job_that_has_done_its_work_is_not_started_again()
    {
        var onFailure = Running(new RestartPolicy { Condition = RestartCondition.OnFailure });
        onFailure.Kill(Name(onFailure), 7);
        onFailure.Settle();
        Assert.Single(onFailure.Live);
        onFailure.Kill(Name(onFailure), 0);
        onFailure.Settle();
        Assert.Empty(onFailure.Live);
        Assert.Equal(["slot 1: finished with exit code 0; its restart policy is on-failure"], onFailure.Last!.Waiting);

        var never = Running(new RestartPolicy { Condition = RestartCondition.Never });
        never.Kill(Name(never), 7);
        never.Settle();
        Assert.Equal(["slot 1: ended (exit code 7); its restart policy is never"], never.Last!.Waiting);
    }

    [Fact]
    public void Always_means_also_after_exit_code_0()
    {
        var cluster = Running(new RestartPolicy());
        cluster.Kill(Name(cluster), 0);
        cluster.Settle();
        Assert.Equal("web-1-r1-a2", Name(cluster));
    }

    [Fact]
    public void A_healthy_while_starts_the_count_anew()
    {
        var cluster = Running(new RestartPolicy { ResetAfter = TimeSpan.FromMinutes(1) });
        for (var i = 0; i < 5; i++)
        {
            cluster.Pass(TimeSpan.FromMinutes(2));
            cluster.Kill(Name(cluster));
            cluster.Settle();
            Assert.Single(cluster.Live);
        }
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_slots_do_not_march_in_step()
    {
        var policy = new RestartPolicy { Delay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(30) };
        Assert.Equal(TimeSpan.Zero, Endings.Pause(policy, 1, "web-1-r1-a1"));
        for (var inARow = 2; inARow < 12; inARow++)
        {
            var most = Math.Min(30, Math.Pow(2, inARow - 2) * 1.1);
            Assert.InRange(Endings.Pause(policy, inARow, $"web-1-r1-a{inARow}").TotalSeconds, Math.Min(30, Math.Pow(2, inARow - 2) * 0.89),
                most);
        }

        Assert.True(Enumerable.Range(1, 50).Select(i => Endings.Pause(policy, 3, $"web-{i}-r1-a3")).Distinct().Count() > 30);
    }

    [Fact]
    public void A_worker_on_which_a_slot_fails_again_and_again_is_put_behind_the_others()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Edit("a", w => w with { Load = new WorkerLoad { Cpu = 0.9 } });
        cluster.Create(Web with { Restart = new RestartPolicy { Delay = TimeSpan.Zero } });
        cluster.Settle();
        List<string> chosen = [cluster.Record!.Instances.Single().Worker];
        for (var i = 0; i < 2; i++)
        {
            cluster.Kill(Name(cluster), 1);
            cluster.Settle();
            chosen.Add(cluster.Record.Instances.Single().Worker);
        }

        Assert.Equal(["b", "b", "a"], chosen);
    }

    [Fact]
    public void A_port_and_a_reservation_that_the_figures_still_show_are_free_once_their_instance_has_ended()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web with { Container = Web.Container with { Ports = [new(80, 8080)], Resources = new() { Reserve = new(6) } } });
        cluster.Settle();
        cluster.Pass(TimeSpan.FromMinutes(1));
        cluster.Edit("a", w => w with { HostPorts = [new(8080)], Load = new WorkerLoad { Reserved = new ResourceAmount(6) },
            ReportedAt = cluster.Now });
        cluster.Pass(TimeSpan.FromSeconds(1));
        cluster.Kill(Name(cluster));
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
    }

    [Fact]
    public void An_unhealthy_instance_is_ended_and_replaced()
    {
        var cluster = Running(new RestartPolicy());
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Unhealthy,
            StartedAt = cluster.Now });
        cluster.Settle();
        Assert.Equal("web-1-r1-a2", Name(cluster));
        Assert.Single(cluster.Live);
    }

    [Fact]
    public void A_predecessor_that_is_unhealthy_counts_as_no_failure_of_its_successor()
    {
        var cluster = Running(new RestartPolicy());
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2","update":{"order":"start-first"} }""");
        cluster.Step();
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Unhealthy,
            StartedAt = cluster.Now });
        var decided = cluster.Decide().Record;
        Assert.Equal("web-1-r1-a1 Stop, web-1-r2-a1 Run", string.Join(", ", decided.Instances.Select(i => $"{i.Name} {i.Intent}")));
        Assert.Null(decided.Slots.Single().Failures);
        Assert.Contains(decided.History, it => it is { Kind: HistoryKind.Restart, Revision: 1 });
    }

    [Theory]
    [InlineData("start-first", "web-1-r1-a1 Stop, web-1-r1-a2 Run")]
    [InlineData("stop-first", "web-1-r1-a1 Stop")]
    public void Nobody_waits_for_the_end_of_an_unhealthy_one_where_two_may_run(string order, string decided)
    {
        var cluster = Running(new RestartPolicy());
        cluster.Set($$"""{"update":{"order":"{{order}}"} }""");
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Unhealthy,
            StartedAt = cluster.Now });
        Assert.Equal(decided, string.Join(", ", cluster.Decide().Record.Instances.Select(i => $"{i.Name} {i.Intent}")));
    }

    [Fact]
    public void A_refusal_sends_the_instance_elsewhere_and_leaves_the_worker_alone_for_a_while()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web);
        var placed = cluster.Decide().Record.Instances.Single();
        var refused = new OrderRefused(
            placed.Name, placed.Worker, new OrderAnswer { Refusal = Refusal.NoCapacity, Reason = "2 of 2 CPU are reserved" });
        cluster.Record = cluster.Record!.WithRefusal(refused, cluster.Observed, cluster.Now);
        cluster.Settle();
        Assert.NotEqual(placed.Worker, cluster.Record.Instances.Single().Worker);
        Assert.Equal("web-1-r1-a2", Name(cluster));
        var excluded = cluster.Record.Exclusions.Single();
        Assert.Equal(("refused web-1-r1-a1: 2 of 2 CPU are reserved", cluster.Now + Exclusion.RefusalLasts),
            (excluded.Why, excluded.Until));

        var running = cluster.Record.Instances.Single();
        Assert.Same(cluster.Record,
            cluster.Record.WithRefusal(refused with { Instance = running.Name, Worker = running.Worker }, cluster.Observed, cluster.Now));
        Assert.Same(cluster.Record,
            cluster.Record.WithRefusal(
            refused with { Answer = new OrderAnswer { Refusal = Refusal.StaleEpoch } }, cluster.Observed, cluster.Now));
    }

    [Fact]
    public void A_refused_slot_waits_for_the_end_of_the_exclusion()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Web);
        cluster.Decide();
        cluster.Record = cluster.Record!.WithRefusal(
            new OrderRefused("web-1-r1-a1", "a", new OrderAnswer { Refusal = Refusal.PortTaken, Reason = "port 8080 is in use" }),
            cluster.Observed, cluster.Now);
        cluster.Settle();
        Assert.Equal(["slot 1: no worker can take it: a refused web-1-r1-a1: port 8080 is in use"], cluster.Last!.Waiting);
        cluster.Pass(TimeSpan.FromSeconds(11));
        Assert.Single(cluster.Live);
    }

    [Fact]
    public void An_instance_on_a_worker_that_nobody_lists_any_more_is_replaced_after_a_while()
    {
        var cluster = Running(new RestartPolicy(), "a", "b");
        var there = cluster.Record!.Instances.Single().Worker;
        cluster.Workers.RemoveAll(w => w.Name == there);
        cluster.Settle();
        Assert.Equal("web-1-r1-a1", Name(cluster));
        cluster.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal("web-1-r1-a2", Name(cluster));
    }

    [Fact]
    public void A_name_that_another_worker_reports_is_stopped_there_and_started_where_it_was_decided()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Create(Web);
        var placed = cluster.Decide().Record.Instances.Single();
        var other = placed.Worker == "a" ? "b" : "a";
        cluster.Tell(other, new InstanceReport { Instance = placed.Name, Phase = Phase.Running });
        cluster.Settle();
        Assert.Equal([$"{cluster.Record!.Instances.Single().Name} on {cluster.Record.Instances.Single().Worker}"], cluster.Live);
    }
}
