using Orchestrator.Contracts.Instances;
using Orchestrator.WorkerAgent.Tests.Fakes;

namespace Orchestrator.WorkerAgent.Tests.Reports;

public sealed class ReporterTests
{
    [Fact]
    public async Task While_a_report_is_under_way_changes_gather_and_the_newest_state_goes_with_the_next()
    {
        await using var agent = await new TestAgent().Start();
        agent.Control.HoldReports = new(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var slot = 1; slot <= 30; slot++) await agent.Run($"web-{slot}-r1-a1");
        await TestAgent.Until(() => agent.Engine.Done.Count, count => count == 60, "all are started");
        await TestAgent.Until(() => agent.Book.All().Count(i => i.Phase == Phase.Running), count => count == 30, "all run");
        agent.Control.HoldReports.SetResult();
        await TestAgent.Until(() => agent.Control.Believes.Count(b => b.Value.Phase == Phase.Running), count =>
            count == 30, "all are told");
        Assert.InRange(agent.Control.Reports.Count, 1, 3);
    }

    [Fact]
    public async Task Numbers_only_grow()
    {
        await using var agent = await new TestAgent().Start();
        for (var slot = 1; slot <= 5; slot++) await agent.Run($"web-{slot}-r1-a1");
        await TestAgent.Until(() => agent.Control.Believes.Count, count => count == 5, "all are told");
        var numbers = agent.Control.Reports.Select(r => r.Sequence).ToArray();
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public async Task An_unanswered_report_is_repeated_until_it_is_answered()
    {
        await using var agent = await new TestAgent(options: new() { Name = "worker-a", CompleteReportEvery = TimeSpan.FromHours(1) })
            .Start();
        agent.Control.Away = true;
        await agent.Run("web-1-r1-a1");
        await TestAgent.Until(() => agent.Engine["web-1-r1-a1"]?.State, s => s == WorkerAgent.Docker.ContainerState.Running, "it runs");
        await agent.PassTime(TimeSpan.FromMilliseconds(50), () => agent.Control.Refused >= 6, "several tries");
        Assert.Empty(agent.Control.Reports);
        agent.Control.Away = false;
        await agent.PassTime(TimeSpan.FromMilliseconds(50), () =>
            agent.Control.Summary.SequenceEqual(["web-1-r1-a1 Running"]), "told at last");
        Assert.DoesNotContain(agent.Control.Reports, r => r.Complete);
    }

    [Fact]
    public async Task A_roll_call_is_answered_also_by_a_worker_that_has_nothing()
    {
        await using var agent = await new TestAgent().Start();
        agent.Reporter.TellAllOf("web");
        var report = await TestAgent.Until(() => agent.Control.Reports.SingleOrDefault(), r => r is not null, "answered");
        Assert.Equal(("worker-a", "web", true, 0), (report!.Worker, report.Service, report.Complete, report.Instances.Count));
    }

    [Fact]
    public async Task A_complete_report_holds_every_instance_of_the_service_and_of_no_other()
    {
        await using var agent = await new TestAgent().Start();
        foreach (var name in new[] { "web-1-r1-a1", "web-2-r1-a1", "db-1-r1-a1" }) await agent.Run(name);
        await agent.Believed("db-1-r1-a1 Running", "web-1-r1-a1 Running", "web-2-r1-a1 Running");
        agent.Reporter.TellAllOf("web");
        var report = await TestAgent.Until(() => agent.Control.Reports.LastOrDefault(r => r.Complete), r => r is not null, "answered");
        Assert.Equal(["web-1-r1-a1", "web-2-r1-a1"], report!.Instances.Select(i => i.Instance));
    }

    [Fact]
    public async Task Complete_reports_come_slowly_without_being_asked_for()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
        Assert.DoesNotContain(agent.Control.Reports, r => r.Complete);
        await agent.PassTime(TimeSpan.FromSeconds(5), () => agent.Control.Reports.Count(r => r.Complete) >= 2, "two complete reports");
    }

    [Fact]
    public async Task The_registry_can_ask_for_everything()
    {
        await using var agent = await new TestAgent().Start();
        await agent.Run("web-1-r1-a1");
        await agent.Run("db-1-r1-a1");
        await agent.Believed("db-1-r1-a1 Running", "web-1-r1-a1 Running");
        agent.Control.Answer = agent.Control.Answer with { ReportEverything = true };
        await agent.PassTime(TimeSpan.FromMilliseconds(500), () =>
            agent.Control.Reports.Where(r => r.Complete).Select(r => r.Service).Distinct().Count() == 2, "both are reported");
    }

    [Fact]
    public async Task A_service_whose_orders_do_not_arrive_is_told_all_there_is_be_it_nothing_and_which_orders_count()
    {
        await using var agent = await new TestAgent().Start();
        agent.Control.Answer = agent.Control.Answer with { Unreached = ["web"] };
        await agent.PassTime(TimeSpan.FromMilliseconds(500), () => agent.Control.Beats.Count > 30, "half a minute of beats");
        var told = agent.Control.Reports.Last();
        Assert.Equal(("web", true, 0), (told.Service, told.Complete, told.Instances.Count));
        var beats = agent.Control.Beats.Select(beat => beat.Sequence).ToList();
        // Not the first any more, and none of the last.
        Assert.InRange(told.OrdersSince!.Value, beats[5], beats[^5]);
        Assert.Contains(told.OrdersSince.Value, beats);
    }

    [Fact]
    public async Task One_service_that_does_not_answer_does_not_hold_up_another()
    {
        await using var agent = await new TestAgent(control: new() { AwayFor = ["stuck"] }).Start();
        await agent.Run("stuck-1-r1-a1");
        await agent.Run("web-1-r1-a1");
        await agent.Believed("web-1-r1-a1 Running");
    }
}
