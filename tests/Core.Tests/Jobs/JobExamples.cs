using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Jobs;

/// <summary>A job runs to its end: so many completions, so many at a time, so many attempts.</summary>
public sealed class JobExamples
{
    private static readonly InstanceReport Ends = new() { Instance = "", Phase = Phase.Exited, ExitCode = 0, Cause = EndCause.Program };

    private static ServiceSpec Job(JobSpec job) => new()
    {
        Container = new() { Image = "job:1" }, Mode = ServiceMode.Job, Job = job,
        Restart = new RestartPolicy { Delay = TimeSpan.FromSeconds(1) },
    };

    private static CalmCluster Begun(JobSpec job, params string[] workers)
    {
        var cluster = new CalmCluster(workers.Length > 0 ? workers : ["a", "b"]);
        cluster.Create(Job(job));
        return cluster.Settle();
    }

    private static JobRun Newest(CalmCluster cluster) => cluster.Record!.Job!.Runs[^1];

    private static ServiceView View(CalmCluster cluster) =>
        ServiceViews.View(cluster.Record!, cluster.Decide(), cluster.Observed, isObserved: true);

    [Fact]
    public void It_runs_when_it_is_created_and_each_slot_completes_once()
    {
        var cluster = Begun(new() { Completions = 3, Parallelism = 2 });
        Assert.Equal(["web-1-r1-n1-a1", "web-2-r1-n1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal("waits for its turn: at most 2 of run 1 at a time", cluster.Last!.WaitingBySlot[3]);
        Assert.Empty(cluster.Last.Waiting);
        Assert.Equal((ServiceState.Running, "completed 0/3"), (View(cluster).State, View(cluster).Job!.Progress));

        cluster.Kill("web-2-r1-n1-a1", 0);
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a1", "web-3-r1-n1-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal("completed 1/3", View(cluster).Job!.Progress);

        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Kill("web-3-r1-n1-a1", 0);
        cluster.Pass(TimeSpan.FromHours(1));
        Assert.Empty(cluster.Live);
        Assert.Equal((RunState.Completed, 3), (Newest(cluster).State, Newest(cluster).Completed));
        Assert.Equal((ServiceState.Completed, "completed 3/3"), (View(cluster).State, View(cluster).Job!.Progress));
        Assert.Equal(3, cluster.Orders.Count(o => o.StartsWith("run", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_not_said_is_one_completion_at_a_time()
    {
        var cluster = Begun(new());
        Assert.Equal(["web-1-r1-n1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        Assert.Equal("completed 1/1", View(cluster).Job!.Progress);
        Assert.Equal("run 1 completed, 1/1 after 0s", cluster.Record.History[^1].What);
    }

    [Fact]
    public void Attempts_fail_with_pauses_between_them_and_then_the_run_has_failed()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 2, Attempts = 3 });
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Assert.Contains($"web-1-r1-n1-a{attempt} on", string.Join("; ", cluster.Live), StringComparison.Ordinal);
            cluster.Kill($"web-1-r1-n1-a{attempt}", 1, "boom");
            cluster.Pass(TimeSpan.FromMinutes(20));
        }

        // What ran beside it has ended as well.
        Assert.Empty(cluster.Live);
        var run = Newest(cluster);
        Assert.Equal((RunState.Failed, 0), (run.State, run.Completed));
        Assert.StartsWith("slot 1 failed 3 times in 40m: exit code 1: boom, last on ", run.Reason!, StringComparison.Ordinal);
        Assert.Equal(ServiceState.Failed, View(cluster).State);
        Assert.StartsWith("completed 0/2; run 1 has failed: slot 1 failed 3 times", View(cluster).Job!.Progress, StringComparison.Ordinal);
        cluster.Pass(TimeSpan.FromDays(1));
        Assert.Equal(4, cluster.Orders.Count(o => o.StartsWith("run", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_pauses_between_attempts_are_those_of_restart()
    {
        var cluster = Begun(new() { Attempts = 10 });
        cluster.Kill("web-1-r1-n1-a1", 1);
        cluster.Settle();
        cluster.Kill("web-1-r1-n1-a2", 1);
        cluster.Settle();
        Assert.Empty(cluster.Live);
        Assert.StartsWith("slot 1: failed 2 times in a row, last on ", Assert.Single(cluster.Last!.Waiting), StringComparison.Ordinal);
        cluster.Pass(TimeSpan.FromSeconds(2));
        Assert.StartsWith("web-1-r1-n1-a3", Assert.Single(cluster.Live), StringComparison.Ordinal);
    }

    [Fact]
    public void A_slot_that_pauses_lets_others_go_ahead()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 1, Attempts = 5 });
        cluster.Kill("web-1-r1-n1-a1", 1);
        cluster.Settle();
        cluster.Kill("web-1-r1-n1-a2", 1);
        cluster.Settle();
        Assert.StartsWith("web-2-r1-n1-a1", Assert.Single(cluster.Live), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadline_ends_the_run_and_what_it_runs()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 2, Deadline = TimeSpan.FromMinutes(10) });
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Pass(TimeSpan.FromMinutes(9));
        Assert.Single(cluster.Live);
        cluster.Pass(TimeSpan.FromMinutes(1));
        Assert.Empty(cluster.Live);
        var run = Newest(cluster);
        Assert.Equal((RunState.Failed, 1, "not done within its deadline of 10m"), (run.State, run.Completed, run.Reason));
    }

    [Fact]
    public void What_a_new_master_has_not_heard_of_may_have_completed_in_time()
    {
        var cluster = Begun(new() { Deadline = TimeSpan.FromMinutes(10) }, "a");
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Idle(TimeSpan.FromMinutes(11));
        cluster.Activate();
        cluster.Settle();
        Assert.Equal(RunState.Running, Newest(cluster).State);
        cluster.Hear("a");
        cluster.Settle();
        Assert.Equal(RunState.Completed, Newest(cluster).State);
    }

    [Fact]
    public void What_has_completed_survives_a_change_of_masters()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 2 }, "a");
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        cluster.Activate();
        cluster.Settle();
        cluster.Hear("a");
        cluster.Settle();
        Assert.Equal(["web-2-r1-n1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Kill("web-2-r1-n1-a1", 0);
        cluster.Settle();
        Assert.Equal(RunState.Completed, Newest(cluster).State);
    }

    [Fact]
    public void A_lost_worker_costs_a_name_and_no_attempt()
    {
        var cluster = Begun(new() { Attempts = 1 });
        var there = cluster.WorkerOf("web-1-r1-n1-a1");
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        var again = cluster.Record!.Instances.Single();
        Assert.Equal("web-1-r1-n1-a2", again.Name);
        Assert.NotEqual(there, again.Worker);
        Assert.Equal($"{there} was lost", cluster.Record.Job!.Ended.Single().Message);

        // It comes back, and its slot has been given to another one.
        cluster.Edit(there, w => w with { Health = WorkerHealth.Ready });
        cluster.Settle();
        Assert.Equal([$"web-1-r1-n1-a2 on {again.Worker}"], cluster.Live);
    }

    [Fact]
    public void What_comes_back_for_a_slot_that_has_completed_ends()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 2 });
        var there = cluster.WorkerOf("web-1-r1-n1-a1");
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        cluster.Kill(cluster.Record!.Instances.Single(i => i.Slot == 1).Name, 0);
        cluster.Settle();
        cluster.Edit(there, w => w with { Health = WorkerHealth.Ready });
        cluster.Settle();
        Assert.DoesNotContain(cluster.Live, it => it.StartsWith("web-1-", StringComparison.Ordinal));
    }

    [Fact]
    public void What_comes_back_is_taken_up_only_while_the_run_may_have_one_more()
    {
        var cluster = new CalmCluster("a", "b");
        cluster.Edit("b", w => w with { Health = WorkerHealth.Suspect });
        cluster.Create(Job(new() { Completions = 2, Parallelism = 1 }));
        cluster.Settle();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        cluster.Edit("a", w => w with { Health = WorkerHealth.Ready });
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a1 on a"], cluster.Live);
    }

    [Fact]
    public void What_comes_back_beside_as_many_as_may_run_ends()
    {
        var cluster = Begun(new() { Completions = 2, Attempts = 9 });
        var there = cluster.WorkerOf("web-1-r1-n1-a1");
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        cluster.Kill("web-1-r1-n1-a2", 1);
        cluster.Settle();
        cluster.Kill("web-1-r1-n1-a3", 1);
        cluster.Settle();
        // Slot 1 pauses, slot 2 has gone ahead, and the first instance of slot 1 turns up again.
        Assert.Equal("web-2-r1-n1-a1", cluster.Record!.Instances.Single().Name);
        cluster.Edit(there, w => w with { Health = WorkerHealth.Ready });
        var stop = Assert.Single(cluster.Decide().Steps.OfType<ControlPlane.Reconciliation.Stop>());
        Assert.Equal(("web-1-r1-n1-a1", "run 1 has as many at a time as it may already"), (stop.Instance, stop.Reason));
    }

    [Fact]
    public void What_comes_back_of_an_earlier_run_is_not_taken_for_one_of_this()
    {
        var cluster = Begun(new() { Overlap = Overlap.Replace }, "a");
        cluster.Edit("a", w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        cluster.Change(new RunJob());
        cluster.Settle();
        Assert.Empty(cluster.Record!.Instances);
        cluster.Edit("a", w => w with { Health = WorkerHealth.Ready });
        var stop = Assert.Single(cluster.Decide().Steps);
        Assert.Equal(("web-1-r1-n1-a1", "slot 1 belongs to run 2 now"), (stop.Instance, stop.Reason));
        cluster.Settle();
        Assert.Equal(["web-1-r1-n2-a1 on a"], cluster.Live);
    }

    [Fact]
    public void What_still_ends_in_one_slot_holds_up_the_next()
    {
        var cluster = Begun(new() { Completions = 2 });
        var there = cluster.WorkerOf("web-1-r1-n1-a1");
        cluster.Edit(there, w => w with { Health = WorkerHealth.Lost });
        cluster.Settle();
        cluster.Edit(there, w => w with { Health = WorkerHealth.Ready });
        cluster.Kill("web-1-r1-n1-a2", 0);
        Assert.Equal(["Stop web-1-r1-n1-a1"], cluster.Decide().Steps.Where(s => s is not ControlPlane.Reconciliation.Forget)
            .Select(s => $"{s.GetType().Name} {s.Instance}"));
        cluster.Settle();
        Assert.StartsWith("web-2-r1-n1-a1", Assert.Single(cluster.Live), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_ten_runs_are_remembered()
    {
        var cluster = Begun(new(), "a");
        for (var run = 1; run <= 12; run++)
        {
            cluster.Kill($"web-1-r1-n{run}-a1", 0);
            cluster.Settle();
            if (run < 12) cluster.Change(new RunJob());
            cluster.Settle();
        }

        Assert.Equal(Enumerable.Range(3, 10), cluster.Record!.Job!.Runs.Select(it => it.Number));
    }

    [Fact]
    public void What_was_made_from_something_else_under_its_name_ends_and_the_slot_is_begun_again()
    {
        var cluster = Begun(new(), "a");
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r1-n1-a1", Phase = Phase.Running, Fingerprint = "something else" });
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a2 on a"], cluster.Live);
        Assert.Equal(RunState.Running, Newest(cluster).State);
    }

    [Fact]
    public void A_slot_waits_for_the_end_of_what_is_of_an_earlier_run()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Job(new()));
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r9-n4-a1", Phase = Phase.Stopping });
        var plan = cluster.Decide();
        Assert.Equal(["slot 1: waits until web-1-r9-n4-a1 on a has ended"], plan.Waiting);
        Assert.Empty(plan.Steps);
    }

    [Fact]
    public void A_drain_leaves_it_to_its_end_and_says_so()
    {
        var cluster = Begun(new() { Completions = 2 });
        var there = cluster.WorkerOf("web-1-r1-n1-a1");
        cluster.Edit(there, w => w with { Draining = true });
        cluster.Settle();
        Assert.Equal([$"web-1-r1-n1-a1 on {there}"], cluster.Live);
        Assert.Equal(
            ["web-1-r1-n1-a1: works, and what a job runs is left to its end"],
            Explanation.Holding(cluster.Record!, cluster.Last!, there));
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        Assert.NotEqual(there, cluster.WorkerOf("web-2-r1-n1-a1"));
    }

    [Fact]
    public void It_is_run_again_under_a_new_number_and_not_while_a_run_goes_on()
    {
        var cluster = Begun(new());
        var refused = cluster.Ask(new RunJob());
        Assert.Equal(
            (ServiceOutcome.Conflict, "run 1 still goes on, 0/1 completed, and overlap is forbid"),
            (refused.Outcome, refused.Problems[0].Reason));

        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        cluster.Change(new RunJob { Who = "ann", Why = "once more" });
        cluster.Settle();
        Assert.Equal(["web-1-r1-n2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        Assert.Equal((2, "asked for by ann: once more"), (Newest(cluster).Number, Newest(cluster).Why));
        Assert.Equal("completed 0/1", View(cluster).Job!.Progress);
    }

    [Fact]
    public void Where_runs_may_overlap_each_has_slots_and_a_parallelism_of_its_own()
    {
        var cluster = Begun(new() { Completions = 2, Overlap = Overlap.Allow });
        cluster.Change(new RunJob());
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a1", "web-3-r1-n2-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        cluster.Kill("web-2-r1-n1-a1", 0);
        cluster.Settle();
        Assert.Equal([RunState.Completed, RunState.Running], cluster.Record.Job!.Runs.Select(r => r.State));
        Assert.Equal(["web-3-r1-n2-a1"], cluster.Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void No_more_than_ten_runs_go_on_at_a_time()
    {
        var cluster = Begun(new() { Overlap = Overlap.Allow });
        for (var run = 2; run <= 10; run++) cluster.Change(new RunJob());
        Assert.Equal("10 runs go on already", cluster.Ask(new RunJob()).Problems[0].Reason);
    }

    [Fact]
    public void A_run_that_replaces_another_begins_when_that_has_ended()
    {
        var cluster = Begun(new() { Overlap = Overlap.Replace }, "a");
        cluster.Change(new RunJob());
        var plan = cluster.Decide();
        Assert.Equal(["Stop web-1-r1-n1-a1"], plan.Steps.Select(s => $"{s.GetType().Name} {s.Instance}"));
        cluster.Settle();
        Assert.Equal(["web-1-r1-n2-a1 on a"], cluster.Live);
        var replaced = cluster.Record!.Job!.Runs[0];
        Assert.Equal((RunState.Replaced, "run 2 takes its place"), (replaced.State, replaced.Reason));
    }

    [Fact]
    public void A_run_keeps_its_revision_and_the_next_one_takes_the_new_one()
    {
        var cluster = Begun(new() { Completions = 2 });
        var changed = cluster.Ask(new UpdateService(new() { ["image"] = "job:2", ["completions"] = 3 }));
        Assert.Equal("revision 2 counts from the next run on", changed.Note);
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a1"], cluster.Record!.Instances.Select(i => i.Name));
        cluster.Kill("web-1-r1-n1-a1", 0);
        cluster.Settle();
        cluster.Kill("web-2-r1-n1-a1", 0);
        cluster.Settle();
        Assert.Equal((RunState.Completed, 2), (Newest(cluster).State, Newest(cluster).Completed));
        cluster.Change(new RunJob());
        cluster.Settle();
        Assert.Equal(["web-1-r2-n2-a1"], cluster.Record.Instances.Select(i => i.Name));
        Assert.Equal(3, Newest(cluster).Completions);

        // An older revision is returned to in the same way.
        cluster.Change(new RollBack());
        cluster.Settle();
        Assert.Equal((1, null, "web-1-r2-n2-a1"),
            (cluster.Record.Revision, cluster.Record.Rollout, cluster.Record.Instances.Single().Name));
    }

    [Fact]
    public void A_change_gives_no_further_attempts()
    {
        var cluster = Begun(new() { Attempts = 2 });
        cluster.Kill("web-1-r1-n1-a1", 1);
        cluster.Settle();
        cluster.Set("""{"labels":{"team":"red"}}""");
        cluster.Settle();
        cluster.Kill("web-1-r1-n1-a2", 1);
        cluster.Settle();
        Assert.Equal(RunState.Failed, Newest(cluster).State);
    }

    [Fact]
    public void As_many_ended_instances_are_remembered_as_keep_says()
    {
        var cluster = Begun(new() { Completions = 4, Keep = 2 });
        for (var slot = 1; slot <= 4; slot++)
        {
            cluster.Kill($"web-{slot}-r1-n1-a1", 0);
            cluster.Settle();
        }

        var ended = View(cluster).Job!.Ended;
        Assert.Equal(["web-4-r1-n1-a1", "web-3-r1-n1-a1"], ended.Select(e => e.Name));
        Assert.Equal((0, EndCause.Program, 1, 4), (ended[0].ExitCode, ended[0].Cause ?? EndCause.Program, ended[0].Run, ended[0].Slot));
    }

    [Fact]
    public void What_it_wrote_last_is_remembered_also_when_it_is_told_late()
    {
        var cluster = Begun(new() { Attempts = 1 }, "a");
        cluster.Kill("web-1-r1-n1-a1", 1);
        cluster.Decide();
        Assert.Empty(cluster.Record!.Job!.Ended.Single().LastLines);
        cluster.Tell("a", new InstanceReport
        {
            Instance = "web-1-r1-n1-a1", Phase = Phase.Exited, ExitCode = 1, Message = "exit code 1: boom", LastLines = ["begins", "boom"],
        });
        cluster.Settle();
        var ended = cluster.Record.Job!.Ended.Single();
        Assert.Equal(("exit code 1: boom", "begins, boom"), (ended.Message, string.Join(", ", ended.LastLines)));
    }

    [Fact]
    public void What_others_ended_is_no_failed_attempt()
    {
        var cluster = Begun(new() { Attempts = 1 });
        cluster.Kill("web-1-r1-n1-a1", 137, cause: EndCause.Machine);
        cluster.Settle();
        Assert.Equal(["web-1-r1-n1-a2"], cluster.Record!.Instances.Select(i => i.Name));
    }

    [Fact]
    public void An_unhealthy_one_is_ended_and_has_failed()
    {
        var cluster = Begun(new() { Attempts = 1 }, "a");
        cluster.Tell("a", new InstanceReport
        {
            Instance = "web-1-r1-n1-a1", Phase = Phase.Running, Health = InstanceHealth.Unhealthy, StartedAt = cluster.Now,
        });
        cluster.Settle();
        Assert.Equal((RunState.Failed, "slot 1 failed once: unhealthy, last on a"), (Newest(cluster).State, Newest(cluster).Reason));
        Assert.Empty(cluster.Live);
    }

    [Fact]
    public void A_failed_attempt_is_told_as_a_restart_and_work_that_is_done_is_not()
    {
        var cluster = Begun(new() { Completions = 2, Parallelism = 2 });
        cluster.Kill("web-1-r1-n1-a1", 3);
        cluster.Kill("web-2-r1-n1-a1", 0);
        cluster.Decide();
        Assert.Equal([$"web-1-r1-n1-a1 on {WorkerOf(cluster, 1)} ended (exit code 3)"],
            cluster.Record!.History.Where(e => e.Kind == HistoryKind.Restart).Select(e => e.What));
        Assert.Equal("completed", cluster.Record.Slots.Single(slot => slot.Number == 2).Ended);
    }

    private static string WorkerOf(CalmCluster cluster, int slot) => cluster.Record!.Job!.Ended.Single(it => it.Slot == slot).Worker;

    [Fact]
    public void Withdrawn_while_it_runs_it_leaves_nothing_behind_and_begins_anew_when_it_is_created_again()
    {
        var cluster = Begun(new());
        cluster.Change(new WithdrawService());
        cluster.Settle();
        Assert.Empty(cluster.Live);
        Assert.True(cluster.Record!.IsTombstone);
        cluster.Create(Job(new()));
        cluster.Settle();
        Assert.Equal(["web-1-r2-n1-a1"], cluster.Record.Instances.Select(i => i.Name));
    }

    [Fact]
    public void Containers_of_an_earlier_life_are_not_taken_for_its_run()
    {
        var cluster = new CalmCluster("a");
        cluster.Create(Job(new()));
        cluster.Record = cluster.Record! with { ToBeHeard = ["a"] };
        cluster.Tell("a", new InstanceReport { Instance = "web-1-r4-n7-a1", Phase = Phase.Running });
        cluster.Hear("a");
        var plan = ControlPlane.Reconciliation.EarlierLife.Decide(cluster.Situation);
        Assert.Equal(5, plan.Record.Job!.Runs.Single().Revision);
        cluster.Record = plan.Record;
        cluster.Settle();
        Assert.Equal(["web-1-r5-n1-a1 on a"], cluster.Live);
    }

    [Fact]
    public void What_is_done_to_services_and_not_to_jobs_says_so()
    {
        var cluster = Begun(new());
        Assert.Equal("a job is not restarted; run begins it again", cluster.Ask(new RestartInstances()).Problems[0].Reason);
        Assert.Equal("what a job runs is left where it is to its end", cluster.Ask(new RebalanceInstances()).Problems[0].Reason);
        Assert.Equal("web has no schedule to be paused", cluster.Ask(new PauseRollout()).Problems[0].Reason);
        var web = CalmCluster.Running(new ServiceSpec { Container = new() { Image = "web:1" } }, "a");
        Assert.Equal("web is no job: only what has mode job is run", web.Ask(new RunJob()).Problems[0].Reason);
    }

    [Fact]
    public void A_dry_run_of_a_run_shows_what_begins_first()
    {
        var cluster = Begun(new() { Completions = 3, Parallelism = 2 });
        for (var slot = 1; slot <= 3; slot++)
        {
            cluster.Kill($"web-{slot}-r1-n1-a1", 0);
            cluster.Settle();
        }

        var before = cluster.Record;
        cluster.Change(new RunJob());
        var plan = DryRun.Of(before, cluster.Situation);
        Assert.Equal(
            ["job ", "run web-1-r1-n2-a1", "run web-2-r1-n2-a1"],
            plan.Steps.Where(s => s.Kind != "forget").Select(s => $"{s.Kind} {s.Instance}"));
    }
}
