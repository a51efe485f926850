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
    [InlineData(EndCause.Order, 137, "stopped")]
    [InlineData(EndCause.OutOfMemory, 137, "out-of-memory")]
    [InlineData(EndCause.Program, 0, "completed")]
    [InlineData(EndCause.Program, 1, "failed")]
    [InlineData(EndCause.Program, null, "failed")]
    [InlineData(EndCause.Probe, 0, "unhealthy")]
    [InlineData(EndCause.Engine, 143, "engine")]
    [InlineData(EndCause.Machine, 255, "machine")]
    [InlineData(EndCause.Person, 137, "person")]
    [InlineData(EndCause.Lease, 137, "lease")]
    [InlineData(EndCause.HandedBack, 0, "handed-back")]
    public void A_container_ends_for_a_cause(EndCause ended, int? exitCode, string cause)
    {
        using var figures = new Figures();
        new WorkerMetrics(figures).ContainerEnded(ended, exitCode);
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
