using Orchestrator.Contracts.Instances;

namespace Orchestrator.ControlPlane.Records;

/// <summary>The last word of a worker about one instance.</summary>
/// <param name="Gone">Nothing is left of it on the worker.</param>
internal sealed record Observed(string Worker, InstanceReport Report, long Sequence, bool Gone = false)
{
    public bool IsLive => !Gone && Report.Phase != Phase.Exited;

    /// <summary>It runs and, where there are probes, is healthy and in rotation.</summary>
    public bool IsReady => !Gone && Report is
    {
        Phase: Phase.Running, Health: InstanceHealth.None or InstanceHealth.Healthy,
        Readiness: null or InstanceHealth.None or InstanceHealth.Healthy,
    };
}
