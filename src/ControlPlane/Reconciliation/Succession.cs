using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Which comes first: the start of a successor or the end of its predecessor.</summary>
internal static class Succession
{
    /// <summary>
    /// Whether a slot may be updated the other way round where nothing can run beside its predecessor: not when a person asked for
    /// start-first, who would rather wait.
    /// </summary>
    public static bool MayStopFirst(ServiceSpec spec) => spec.Update.Order is not UpdateOrder.StartFirst;

    /// <summary>The one in force and, when the service decided it against the default, why.</summary>
    public static (UpdateOrder Order, string? Why) Of(ServiceSpec spec)
    {
        if (spec.Mode == ServiceMode.Job) return (UpdateOrder.StopFirst, "a job's work is done once at a time");
        if (spec.Update.Order is { } asked) return (asked, null);
        if (spec.Container.OnLeaseLost == LeaseLoss.Stop)
            return (UpdateOrder.StopFirst, "each instance is at most one (onLeaseLost: stop), so the old one stops first");
        if (spec.Container.Volumes.FirstOrDefault(v => v.Exclusive) is { } volume)
            return (UpdateOrder.StopFirst, $"volume {volume.Source} is exclusive, so the old instance stops first");
        if (spec.Container.Ports.FirstOrDefault(p => p.Host is not null) is { } port)
            return (UpdateOrder.StopFirst, $"host port {port.Host} is fixed, so the old instance stops first");
        return (UpdateOrder.StartFirst, null);
    }
}
