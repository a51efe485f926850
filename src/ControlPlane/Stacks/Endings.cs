using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>Of services, which of them run to an end.</summary>
internal static class Endings
{
    public static bool Has(ServiceSpec spec) => !Enum.IsDefined(spec.Mode);

    /// <summary>What a service becomes when all is well.</summary>
    public static StackCondition Best(ServiceSpec spec) => Has(spec) ? StackCondition.Completed : StackCondition.Healthy;

    /// <summary>What runs to an end is healthy when it has come there.</summary>
    public static StackCondition Of(ServiceSpec spec, StackCondition asked) =>
        asked == StackCondition.Healthy ? Best(spec) : asked;
}
