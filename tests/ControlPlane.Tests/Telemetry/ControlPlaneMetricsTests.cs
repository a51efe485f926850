using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.Testing;

namespace Orchestrator.ControlPlane.Tests.Telemetry;

public sealed class ControlPlaneMetricsTests
{
    [Fact]
    public void Each_figure_has_its_name_its_tags_and_its_unit()
    {
        using var figures = new Figures();
        var metrics = new ControlPlaneMetrics(figures);
        metrics.TurnTook("ServiceMaster", TimeSpan.FromMilliseconds(12));
        metrics.CallRepeated("MemberRegistry");
        metrics.Placed(3);
        metrics.OrderAccepted("run");
        metrics.OrderRefused("stop");
        metrics.OrderUnanswered("forget");
        metrics.RecordSaved();
        metrics.RecordConflicted();
        Assert.Equal(
            [
                "orchestrator.turns (actor: ServiceMaster) 1 {turn}",
                "orchestrator.turn.duration (actor: ServiceMaster) 0.012 s",
                "orchestrator.actor_call.retries (actor: MemberRegistry) 1 {retry}",
                "orchestrator.placements 3 {instance}",
                "orchestrator.orders (kind: run, outcome: accepted) 1 {order}",
                "orchestrator.orders (kind: stop, outcome: refused) 1 {order}",
                "orchestrator.orders (kind: forget, outcome: unanswered) 1 {order}",
                "orchestrator.records.saves 1 {save}",
                "orchestrator.records.conflicts 1 {conflict}",
            ],
            figures.Recorded);
    }

    [Fact]
    public void Workers_are_counted_by_status_also_where_there_are_none()
    {
        using var figures = new Figures();
        new ControlPlaneMetrics(figures).ObserveWorkers(() =>
            [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "c", Health = WorkerHealth.Lost }]);
        figures.Ask();
        Assert.Equal(
            [
                "orchestrator.workers (status: ready) 2 {worker}",
                "orchestrator.workers (status: suspect) 0 {worker}",
                "orchestrator.workers (status: lost) 1 {worker}",
            ],
            figures.Recorded);
    }
}
