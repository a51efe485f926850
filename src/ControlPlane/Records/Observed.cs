using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Records;

/// <summary>The last word of a worker about one instance.</summary>
/// <param name="Gone">Nothing is left of it on the worker.</param>
internal sealed record Observed(string Worker, InstanceReport Report, long Sequence, bool Gone = false)
{
    public bool IsLive => !Gone && Report.Phase != Phase.Exited;

    /// <summary>It runs and, where there is a probe, is healthy.</summary>
    public bool IsReady => !Gone && Report.Phase == Phase.Running && (Report.Health is InstanceHealth.None or InstanceHealth.Healthy);
}
