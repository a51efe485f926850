using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>Of services, which of them a deployment runs to their end.</summary>
internal static class Endings
{
    /// <summary>What has a schedule runs when that says so, and a deployment does not wait for it.</summary>
    public static bool Has(ServiceSpec spec) => spec is { Mode: ServiceMode.Job, Job.Schedule: null };

    /// <summary>What a service becomes when all is well.</summary>
    public static StackCondition Best(ServiceSpec spec) =>
        Has(spec) ? StackCondition.Completed : spec.Mode == ServiceMode.Job ? StackCondition.Started : StackCondition.Healthy;

    /// <summary>What runs to an end is healthy when it has come there.</summary>
    public static StackCondition Of(ServiceSpec spec, StackCondition asked) =>
        asked == StackCondition.Healthy ? Best(spec) : asked;
}
