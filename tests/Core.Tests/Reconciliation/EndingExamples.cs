using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Reconciliation;

/// <summary>What is told and remembered of an instance that has ended.</summary>
public sealed class EndingExamples
{
    [Theory]
    [InlineData(14.999, 1)]
    [InlineData(15, 0)]
    public void What_runs_on_a_worker_that_nobody_lists_is_lost_after_fifteen_seconds(double seconds, int kept)
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        cluster.Workers.Clear();
        cluster.Pass(TimeSpan.FromSeconds(seconds));
        Assert.Equal(kept, cluster.Record!.Instances.Count);
    }

    [Fact]
    public void What_is_ending_keeps_the_reason_of_its_end()
    {
        var cluster = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        cluster.Set("""{"image":"web:2","update":{"monitor":"0s"}}""");
        cluster.Step();
        cluster.Decide();
        cluster.Set("""{"instances":0}""");
        Assert.Equal(
            ["web-1-r1-a1: replaced by web-1-r2-a1", "web-1-r2-a1: 0 instances are wanted"],
                cluster.Decide().Record.Instances.Select(i => $"{i.Name}: {i.Reason}"));
    }

    [Fact]
    public void Workers_that_are_lost_together_are_told_in_the_order_of_their_names()
    {
        var cluster = Running(new() { Instances = 3 }, "c", "a", "b");
        foreach (var worker in new[] { "c", "a", "b" }) cluster.Edit(worker, w => w with { Health = WorkerHealth.Lost });
        cluster.Decide();
        Assert.Equal("a was lost with 1 instance, to be replaced elsewhere; b was lost with 1 instance, to be replaced elsewhere; "
            + "c was lost with 1 instance, to be replaced elsewhere", Told(cluster, HistoryKind.Lost));
    }

    [Fact]
    public void Each_worker_that_hands_back_is_avoided_beside_the_others()
    {
        var cluster = Running(new() { Instances = 3 }, "a", "b", "c");
        cluster.Kill("web-1-r1-a1", 0, cause: EndCause.HandedBack);
        cluster.Decide();
        cluster.Kill("web-2-r1-a1", 0, cause: EndCause.HandedBack);
        cluster.Decide();
        Assert.Equal(2, cluster.Record!.Exclusions.Select(e => e.Worker).Distinct().Count());
    }

    [Fact]
    public void What_was_handed_back_long_ago_avoids_nobody()
    {
        var cluster = Running(new(), "a");
        cluster.Tell("a", new InstanceReport
        {
            Instance = "web-1-r1-a1", Phase = Phase.Exited, ExitCode = 0, Cause = EndCause.HandedBack,
            EndedAt = cluster.Now - Endings.AvoidLeavingWorker,
        });
        Assert.Empty(cluster.Decide().Record.Exclusions);
        Assert.Equal(["web-1-r1-a2"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void What_is_no_longer_wanted_ends_without_a_word_of_a_restart()
    {
        var cluster = Running(new(), "a");
        cluster.Set("""{"instances":0}""");
        cluster.Settle();
        Assert.Equal("", Told(cluster, HistoryKind.Restart));
    }

    [Fact]
    public void That_the_old_one_is_unhealthy_while_its_successor_comes_is_no_failure_of_the_update()
    {
        var cluster = Running(new(), "a", "b");
        cluster.Behaviours["web:2"] = CalmCluster.Unready;
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Tell(cluster.WorkerOf("web-1-r1-a1"),
            CalmCluster.Unready with { Instance = "web-1-r1-a1", Health = InstanceHealth.Unhealthy });
        cluster.Decide();
        Assert.Equal("web-1-r1-a1 on b is unhealthy [slot 1]", Told(cluster, HistoryKind.Restart));
        Assert.Null(cluster.Record!.Slots[0].Failures);
        Assert.Equal(2, cluster.Record.Slots[0].Revision);
    }

    private static CalmCluster Running(ServiceSpec spec, params string[] workers) =>
        CalmCluster.Running(spec with { Container = new() { Image = "web:1" } }, workers.Length > 0 ? workers : ["a"]);

    private static string Told(CalmCluster cluster, HistoryKind kind) =>
        string.Join("; ", cluster.Record!.History.Where(e => e.Kind == kind)
            .Select(e => $"{e.What}{(e.Slot is { } slot ? $" [slot {slot}]" : "")}"));

    [Theory]
    [InlineData(1, "a was lost with 1 instance, to be replaced elsewhere")]
    [InlineData(2, "a was lost with 2 instances, to be replaced elsewhere")]
    public void A_lost_worker_is_told_with_the_number_of_its_instances(int instances, string told)
    {
        var cluster = Running(new ServiceSpec { Instances = instances }, "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        Assert.Equal(told, Told(cluster, HistoryKind.Lost));
        Assert.Equal("", Told(cluster, HistoryKind.Restart));
    }

    [Fact]
    public void An_instance_that_was_to_stop_is_not_lost_with_its_worker()
    {
        var cluster = Running(new ServiceSpec { Instances = 2 }, "a");
        cluster.Set("""{"instances":1}""");
        cluster.Decide();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Decide();
        Assert.Equal("a was lost with 1 instance, to be replaced elsewhere", Told(cluster, HistoryKind.Lost));
    }

    [Fact]
    public void An_end_is_told_with_its_slot_its_worker_and_how()
    {
        var cluster = Running(new ServiceSpec());
        cluster.Kill("web-1-r1-a1", 1, "disk full");
        cluster.Settle();
        Assert.Equal("web-1-r1-a1 on a ended (exit code 1: disk full) [slot 1]", Told(cluster, HistoryKind.Restart));
    }

    [Fact]
    public void An_unhealthy_instance_is_told_as_such_and_has_failed_whatever_its_exit_code_will_be()
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { Condition = RestartCondition.OnFailure } });
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a1", Phase = Phase.Running, Health = InstanceHealth.Unhealthy,
            StartedAt = cluster.Now, ExitCode = 0, Message = "HTTP 503" });
        cluster.Settle();
        Assert.Equal("web-1-r1-a1 on a is unhealthy: HTTP 503 [slot 1]", Told(cluster, HistoryKind.Restart));
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
        Assert.Equal((1, "unhealthy: HTTP 503"), (cluster.Record!.Slots[0].Failures!.Count, cluster.Record.Slots[0].Failures!.What));
    }

    [Theory]
    [InlineData(RestartCondition.Always, EndCause.Engine, 0)]
    [InlineData(RestartCondition.OnFailure, EndCause.Engine, 0)]
    [InlineData(RestartCondition.OnFailure, EndCause.Machine, 255)]
    [InlineData(RestartCondition.Never, EndCause.Engine, 143)]
    [InlineData(RestartCondition.Never, EndCause.Person, 137)]
    [InlineData(RestartCondition.Never, EndCause.Order, 0)]
    [InlineData(RestartCondition.Never, EndCause.Lease, 137)]
    [InlineData(RestartCondition.Never, EndCause.HandedBack, 0)]
    public void What_others_ended_is_started_again_at_once_whatever_the_condition_and_is_no_failure(
        RestartCondition condition, EndCause cause, int exitCode)
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { Condition = condition, Attempts = 2 } }, "a", "b");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            cluster.Kill($"web-1-r1-a{attempt}", exitCode, "not its fault", cause);
            cluster.Settle();
            Assert.StartsWith($"web-1-r1-a{attempt + 1} on ", Assert.Single(cluster.Live), StringComparison.Ordinal);
            cluster.Idle(Endings.AvoidLeavingWorker);
        }

        Assert.Equal((null, null), (cluster.Record!.Slots[0].Failures, cluster.Record.Slots[0].Ended));
    }

    [Theory]
    [InlineData(EndCause.Program)]
    [InlineData(EndCause.OutOfMemory)]
    [InlineData(EndCause.Probe)]
    [InlineData(null)]
    public void What_the_program_did_itself_counts(EndCause? cause)
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { Condition = RestartCondition.Never } });
        cluster.Kill("web-1-r1-a1", 1, cause: cause);
        cluster.Settle();
        Assert.Equal(["slot 1: ended (exit code 1); its restart policy is never"], cluster.Last!.Waiting);
    }

    [Fact]
    public void An_end_that_the_engine_caused_fails_no_update()
    {
        var cluster = Running(new ServiceSpec { Update = new UpdatePolicy { Monitor = TimeSpan.FromSeconds(10) } }, "a", "b");
        cluster.Set("""{"image":"web:2"}""");
        cluster.Settle();
        cluster.Kill("web-1-r2-a1", 143, cause: EndCause.Engine);
        cluster.Pass(TimeSpan.FromSeconds(30));
        Assert.Null(cluster.Record!.Rollout);
        Assert.Equal((2, "1/1 updated to revision 2"), (cluster.Record.Revision, cluster.Record.LastRollout));
    }

    [Fact]
    public void What_a_worker_hands_back_runs_elsewhere_at_once_and_comes_to_that_worker_only_when_it_has_had_time_to_leave()
    {
        var cluster = Running(new ServiceSpec { Instances = 1 }, "a");
        cluster.Kill("web-1-r1-a1", 0, cause: EndCause.HandedBack);
        cluster.Settle();
        Assert.Equal(["slot 1: no worker can take it: a is leaving"], cluster.Last!.Waiting);
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on b"], cluster.Live);

        cluster.Workers.RemoveAll(w => w.Name == "b");
        cluster.Pass(Endings.AvoidLeavingWorker + TimeSpan.FromSeconds(15));
        Assert.Equal("a", cluster.WorkerOf("web-1-r1-a3"));
    }

    [Fact]
    public void A_worker_that_tells_what_it_handed_back_only_after_its_return_may_have_it_again()
    {
        var cluster = Running(new ServiceSpec(), "a");
        var ended = cluster.Now;
        cluster.Idle(Endings.AvoidLeavingWorker);
        cluster.Tell("a", new InstanceReport
        {
            Instance = "web-1-r1-a1", Phase = Phase.Exited, ExitCode = 0, EndedAt = ended, Cause = EndCause.HandedBack,
        });
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on a"], cluster.Live);
    }

    [Fact]
    public void The_end_of_an_instance_whose_successor_is_there_already_is_no_failure_of_the_slot()
    {
        var cluster = Running(new ServiceSpec(), "a");
        cluster.Workers.Add(CalmCluster.NewWorker("b"));
        cluster.Edit("a", w => w with { Draining = true });
        cluster.Decide();
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        Assert.Equal(["web-1-r1-a2 on b"], cluster.Live);
        Assert.Null(cluster.Record!.Slots[0].Failures);
    }

    [Theory]
    [InlineData(300, 300, 'x')]
    [InlineData(301, 300, '…')]
    public void Long_words_are_shortened(int length, int kept, char last)
    {
        var words = Endings.WordsOf(new InstanceReport { Instance = "", Phase = Phase.Exited, Message = new string('x', length) });
        Assert.Equal((kept, last), (words.Length, words[^1]));
    }

    [Theory]
    [InlineData(60, 0, 1)]
    [InlineData(59.999, 0, 2)]
    [InlineData(30, 600, 2)]
    public void Whether_it_ran_well_is_told_by_its_own_times_however_late_they_are_heard(
        double ranSeconds, double heardLaterSeconds, int inARow)
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { ResetAfter = TimeSpan.FromMinutes(1),
            Window = TimeSpan.FromHours(1) } });
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        var began = cluster.Now;
        cluster.Pass(TimeSpan.FromSeconds(ranSeconds + heardLaterSeconds));
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-a2", Phase = Phase.Exited, ExitCode = 1, StartedAt = began,
            EndedAt = began + TimeSpan.FromSeconds(ranSeconds) });
        cluster.Decide();
        Assert.Equal(inARow, cluster.Record!.Slots[0].Failures!.InARow);
    }

    [Fact]
    public void An_instance_that_never_came_to_run_did_not_run_well()
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { ResetAfter = TimeSpan.FromSeconds(1) } });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            cluster.Tell("a", new InstanceReport { Instance = $"web-1-r1-a{attempt}", Phase = Phase.Exited, Message = "no such image" });
            cluster.Settle();
        }

        Assert.Equal((2, "no such image"), (cluster.Record!.Slots[0].Failures!.InARow, cluster.Record.Slots[0].Failures!.What));
    }

    [Theory]
    [InlineData(300, 2)]
    [InlineData(300.001, 1)]
    public void A_window_ends_with_its_last_moment(double seconds, int counted)
    {
        var cluster = Running(new ServiceSpec { Restart = new RestartPolicy { Window = TimeSpan.FromMinutes(5),
            ResetAfter = TimeSpan.FromHours(1) } });
        cluster.Kill("web-1-r1-a1", 1);
        cluster.Settle();
        cluster.Pass(TimeSpan.FromSeconds(seconds));
        cluster.Kill("web-1-r1-a2", 1);
        cluster.Decide();
        Assert.Equal(counted, cluster.Record!.Slots[0].Failures!.Count);
    }

    [Fact]
    public void Pauses_differ_by_a_tenth_at_most()
    {
        var policy = new RestartPolicy { Delay = TimeSpan.FromSeconds(100), MaxDelay = TimeSpan.FromHours(1) };
        var pauses = Enumerable.Range(1, 1000).Select(i => Endings.Pause(policy, 2, $"web-{i}-r1-a2").TotalSeconds).ToList();
        Assert.InRange(pauses.Min(), 90, 91);
        Assert.InRange(pauses.Max(), 109, 110);
    }
}
