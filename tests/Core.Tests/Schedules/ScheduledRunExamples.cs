using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Answers;
using Orchestrator.Core.Tests.Simulation;

namespace Orchestrator.Core.Tests.Schedules;

/// <summary>A schedule begins each run once, makes up the last one that was missed, and minds what goes on.</summary>
public sealed class ScheduledRunExamples
{
    private static CalmCluster Every(string schedule, Overlap? overlap = null, TimeSpan? late = null)
    {
        var cluster = new CalmCluster("a");
        cluster.Create(new ServiceSpec
        {
            Container = new() { Image = "job:1" }, Mode = ServiceMode.Job,
            Job = new JobSpec { Schedule = schedule, Overlap = overlap, StartDeadline = late },
        });
        return cluster.Settle();
    }

    private static ScheduleView View(CalmCluster cluster) =>
        ServiceViews.View(cluster.Record!, cluster.Decide(), cluster.Observed, isObserved: true).Job!.Schedule!;

    private static string What(CalmCluster cluster) => cluster.Record!.History[^1].What;

    private static int Runs(CalmCluster cluster) => cluster.Record!.Job!.LastRun;

    /// <summary>The schedule comes to its next moment, now.</summary>
    private static void Fire(CalmCluster cluster, TimeSpan late = default)
    {
        var next = View(cluster).Next!.Value;
        cluster.Idle(next + late - cluster.Now);
        cluster.Change(new RunDue(next));
        cluster.Settle();
    }

    private static void Complete(CalmCluster cluster)
    {
        cluster.Kill(cluster.Record!.Instances.Single().Name, 0);
        cluster.Settle();
    }

    [Fact]
    public void A_job_with_a_schedule_does_not_run_when_it_is_created()
    {
        var cluster = Every("0 * * * *");
        var view = ServiceViews.View(cluster.Record!, cluster.Decide(), cluster.Observed, isObserved: true);
        Assert.Equal((ServiceState.Scheduled, "has not run yet"), (view.State, view.Job!.Progress));
        Assert.Equal((CalmCluster.Start.AddHours(1), null), (view.Job.Schedule!.Next, view.Job.Schedule.Last));
        Assert.Empty(cluster.Live);
    }

    [Fact]
    public void Each_moment_begins_one_run_however_often_it_is_told()
    {
        var cluster = Every("0 * * * *");
        Fire(cluster);
        Assert.Equal(["web-1-r1-n1-a1 on a"], cluster.Live);
        Assert.Equal("run 1 begins: due at 2026-01-01 13:00:00Z", What(cluster));
        Assert.Equal((CalmCluster.Start.AddHours(2), CalmCluster.Start.AddHours(1)), (View(cluster).Next, View(cluster).Last));
        Complete(cluster);
        var before = cluster.Record;
        cluster.Change(new RunDue(CalmCluster.Start.AddHours(1)));
        Assert.Same(before, cluster.Record);
        Fire(cluster);
        Assert.Equal(2, Runs(cluster));
    }

    [Fact]
    public void A_moment_that_has_not_come_is_refused_but_for_the_skew_of_clocks()
    {
        var cluster = Every("0 * * * *");
        var next = View(cluster).Next!.Value;
        Assert.Equal("2026-01-01 13:00:00Z has not come yet", cluster.Ask(new RunDue(next)).Problems[0].Reason);
        cluster.Idle(TimeSpan.FromMinutes(59) + TimeSpan.FromSeconds(59));
        cluster.Change(new RunDue(next));
        cluster.Settle();
        Assert.Equal(1, Runs(cluster));
        cluster.Idle(TimeSpan.FromSeconds(1));
        cluster.Change(new RunDue(next));
        Assert.Equal(1, Runs(cluster));
    }

    [Fact]
    public void What_was_missed_is_made_up_once_and_in_time_only()
    {
        var cluster = Every("0 * * * *", late: TimeSpan.FromMinutes(5));
        Fire(cluster, late: TimeSpan.FromMinutes(124));
        Assert.Equal((1, CalmCluster.Start.AddHours(3)), (Runs(cluster), View(cluster).Last));
        Assert.Contains(cluster.Record!.History, it =>
            it.What == "what was due since 2026-01-01 13:00:00Z was missed, for no master was there to begin it");
        Complete(cluster);
        Fire(cluster, late: TimeSpan.FromMinutes(6));
        Assert.Equal(1, Runs(cluster));
        Assert.StartsWith("what was due since 2026-01-01 16:00:00Z was missed", What(cluster), StringComparison.Ordinal);
        Assert.Equal(CalmCluster.Start.AddHours(5), View(cluster).Next);
    }

    [Theory]
    [InlineData(null, 1, 1)]
    [InlineData(Overlap.Forbid, 1, 1)]
    [InlineData(Overlap.Allow, 2, 2)]
    [InlineData(Overlap.Replace, 2, 1)]
    public void A_run_that_still_goes_on_is_minded(Overlap? overlap, int runs, int live)
    {
        var cluster = Every("0 * * * *", overlap);
        Fire(cluster);
        Fire(cluster);
        Assert.Equal((runs, live), (Runs(cluster), cluster.Live.Count()));
        if (runs == 1)
        {
            Assert.Equal("the run that was due at 2026-01-01 14:00:00Z is left out: run 1 still goes on, 0/1 completed, and overlap is forbid",
                What(cluster));
        }
    }

    [Fact]
    public void Ten_runs_that_go_on_are_enough()
    {
        var cluster = Every("0 * * * *", Overlap.Allow);
        for (var run = 1; run <= 11; run++) Fire(cluster);
        Assert.Equal(10, Runs(cluster));
        Assert.Equal("the run that was due at 2026-01-01 23:00:00Z is left out: 10 runs go on already", What(cluster));
    }

    [Fact]
    public void A_pause_does_not_outlive_its_schedule()
    {
        var cluster = Every("0 * * * *");
        cluster.Change(new PauseRollout());
        cluster.Set("""{"schedule":null}""");
        cluster.Set("""{"schedule":"0 * * * *"}""");
        Assert.Null(View(cluster).Paused);
        cluster.Change(new PauseRollout());
        cluster.Set("""{"schedule":"30 * * * *"}""");
        Assert.Equal("on request", View(cluster).Paused);
    }

    [Fact]
    public void A_paused_schedule_begins_nothing_and_makes_nothing_up()
    {
        var cluster = Every("0 * * * *");
        cluster.Change(new PauseRollout { Who = "ann", Why = "holidays" });
        Assert.Equal((null, "by ann: holidays"), (View(cluster).Next, View(cluster).Paused));
        cluster.Idle(TimeSpan.FromMinutes(62));
        cluster.Change(new RunDue(CalmCluster.Start.AddHours(1)));
        cluster.Change(new ResumeRollout());
        cluster.Change(new RunDue(CalmCluster.Start.AddHours(1)));
        Assert.Equal((0, CalmCluster.Start.AddHours(2)), (Runs(cluster), View(cluster).Next));
        Assert.Equal("the schedule is not paused", cluster.Ask(new ResumeRollout()).Problems[0].Reason);
        // By hand it is run all the same.
        cluster.Change(new RunJob());
        Assert.Equal(1, Runs(cluster));
    }

    [Fact]
    public void A_schedule_that_is_changed_makes_nothing_up_and_one_that_is_taken_away_begins_nothing()
    {
        var cluster = Every("0 * * * *");
        cluster.Idle(TimeSpan.FromMinutes(61));
        cluster.Set("""{"schedule":"0 */2 * * *"}""");
        Assert.Equal((0, CalmCluster.Start.AddHours(2)), (Runs(cluster), View(cluster).Next));
        cluster.Set("""{"schedule":null}""");
        cluster.Idle(TimeSpan.FromHours(2));
        cluster.Change(new RunDue(CalmCluster.Start.AddHours(2)));
        Assert.Equal(0, Runs(cluster));
    }
}
