using System.Diagnostics;
using Dapr.Actors.Runtime;
using Orchestrator.ControlPlane.Telemetry;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>An actor whose turns are counted, timed and, when somebody listens, part of the trace of whoever called.</summary>
internal abstract class MeasuredActor(ActorHost host, ControlPlaneMetrics metrics, TimeProvider clock) : Actor(host)
{
    private long began;
    private Activity? span;

    protected override Task OnPreActorMethodAsync(ActorMethodContext actorMethodContext)
    {
        began = clock.GetTimestamp();
        span = OrchestratorTelemetry.Spans.StartActivity($"turn {Host.ActorTypeInfo.ActorTypeName} {actorMethodContext.MethodName}");
        span?.SetTag("orchestrator.actor.id", Id.GetId());
        return Task.CompletedTask;
    }

    protected override Task OnPostActorMethodAsync(ActorMethodContext actorMethodContext)
    {
        End(ActivityStatusCode.Unset);
        return Task.CompletedTask;
    }

    protected override Task OnActorMethodFailedAsync(ActorMethodContext actorMethodContext, Exception e)
    {
        span?.AddException(e);
        End(ActivityStatusCode.Error);
        return Task.CompletedTask;
    }

    private void End(ActivityStatusCode status)
    {
        metrics.TurnTook(Host.ActorTypeInfo.ActorTypeName, clock.GetElapsedTime(began));
        span?.SetStatus(status).Dispose();
        span = null;
    }
}
