using Orchestrator.Contracts.Instances;
using Orchestrator.Testing;
using Orchestrator.WorkerAgent.Telemetry;

namespace Orchestrator.WorkerAgent.Tests.Telemetry;

public sealed class WorkerMetricsTests
{
    [Fact]
    public void Each_figure_has_its_name_its_tags_and_its_unit()
    {
        using var figures = new Figures();
        var metrics = new WorkerMetrics(figures);
        metrics.ContainerStarted(TimeSpan.FromMilliseconds(300));
        metrics.ContainerNotStarted();
        metrics.Probed(InstanceHealth.Unhealthy);
        metrics.LeaseRenewed();
        metrics.LeaseNotRenewed();
        metrics.Reported();
        metrics.NotReported();
        Assert.Equal(
            [
                "orchestrator.container.starts (outcome: started) 1 {container}",
                "orchestrator.container.start.duration 0.3 s",
                "orchestrator.container.starts (outcome: failed) 1 {container}",
                "orchestrator.probe.results (health: unhealthy) 1 {result}",
                "orchestrator.lease.renewals (outcome: answered) 1 {renewal}",
                "orchestrator.lease.renewals (outcome: unanswered) 1 {renewal}",
                "orchestrator.reports (outcome: answered) 1 {report}",
                "orchestrator.reports (outcome: unanswered) 1 {report}",
            ],
            figures.Recorded);
    }

    [Theory]
    [InlineData(true, false, 137, "stopped")]
    [InlineData(false, true, 137, "out-of-memory")]
    [InlineData(false, false, 0, "completed")]
    [InlineData(false, false, 1, "failed")]
    [InlineData(false, false, null, "failed")]
    public void A_container_ends_for_the_first_cause_that_explains_it(bool stopped, bool outOfMemory, int? exitCode, string cause)
    {
        using var figures = new Figures();
        new WorkerMetrics(figures).ContainerEnded(stopped, outOfMemory, exitCode);
        Assert.Equal([$"orchestrator.container.ends (cause: {cause}) 1 {{container}}"], figures.Recorded);
    }

    [Fact]
    public void The_age_of_the_lease_is_told_when_it_is_asked_for_and_there_is_one()
    {
        using var figures = new Figures();
        TimeSpan? age = null;
        new WorkerMetrics(figures).ObserveLeaseAge(() => age);
        figures.Ask();
        age = TimeSpan.FromSeconds(1.5);
        figures.Ask();
        Assert.Equal(["orchestrator.lease.age 1.5 s"], figures.Recorded);
    }
}
