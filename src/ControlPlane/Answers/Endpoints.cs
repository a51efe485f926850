using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>Of a service what can be reached now. The same instances stand in Consul, where their workers have one.</summary>
internal static class Endpoints
{
    public static ServiceEndpoints Of(ServiceView service) => new(
        service.Name, service.Observed,
        service.Instances.Where(IsReady).SelectMany(instance => Of(instance, service.Spec))
            .OrderBy(it => it.Slot).ThenBy(it => it.Instance, StringComparer.Ordinal).ThenBy(it => it.Container).ThenBy(it => it.Protocol)
            .ToValueList());

    private static bool IsReady(InstanceView instance) => instance is
    {
        Phase: Phase.Running, Health: InstanceHealth.None or InstanceHealth.Healthy,
        Readiness: null or InstanceHealth.None or InstanceHealth.Healthy,
    };

    private static IEnumerable<ServiceEndpoint> Of(InstanceView instance, ServiceSpec spec) =>
        instance.Ports.Select(port => new ServiceEndpoint
    {
        Address = port.Address, Port = port.Host, Container = port.Container, Protocol = port.Protocol,
        Name = NameOf(port, spec.Container.Ports),
        Instance = instance.Name, Slot = instance.Slot, Revision = instance.Revision, Worker = instance.Worker,
    });

    private static string? NameOf(PublishedPort port, ValueList<PortMapping> wanted) => wanted
        .FirstOrDefault(it => it.Container == port.Container && it.Protocol == port.Protocol && it.Name is not null)?.Name;
}
