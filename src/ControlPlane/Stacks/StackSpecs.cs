using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What a stack makes of the wishes in it.</summary>
internal static class StackSpecs
{
    /// <summary>The wish of the service itself: as it stands in the stack, with labels that tell where it belongs.</summary>
    public static ServiceSpec Of(string stack, string name, StackService service) => service.Spec with
    {
        Labels = new(service.Spec.Labels
            .Append(new(StackNames.StackLabel, stack)).Append(new(StackNames.ServiceLabel, name))),
    };

    /// <summary>The same of all services.</summary>
    public static ValueMap<ServiceSpec> All(string stack, StackSpec? spec) =>
        new(spec?.Services.Select(it => KeyValuePair.Create(it.Key, Of(stack, it.Key, it.Value))) ?? []);
}
