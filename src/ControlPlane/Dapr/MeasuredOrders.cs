using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Counts orders by what became of them; each is a part of the trace of the turn that decided it.</summary>
internal sealed class MeasuredOrders(IOrderTransport inner, ControlPlaneMetrics metrics) : IOrderTransport
{
    public async Task<OrderAnswer> Ask(string worker, Order order, CancellationToken cancel)
    {
        var kind = order switch { RunInstance => "run", PrepareInstance => "prepare", StopInstance => "stop", _ => "forget" };
        using var span = OrchestratorTelemetry.Spans.StartActivity($"order {kind}");
        span?.SetTag("orchestrator.instance", order.Instance).SetTag("orchestrator.worker", worker)
            .SetTag("orchestrator.reason", order.Reason);
        try
        {
            var answer = await inner.Ask(worker, order, cancel);
            span?.SetTag("orchestrator.refused", answer.Accepted ? null : answer.Reason);
            if (answer.Accepted) metrics.OrderAccepted(kind);
            else metrics.OrderRefused(kind);
            return answer;
        }
        catch (NoAnswerException e)
        {
            span?.AddException(e);
            metrics.OrderUnanswered(kind);
            throw;
        }
    }
}
