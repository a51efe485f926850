using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Telemetry;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor that lists services; the <see cref="DirectoryKeeper"/> does the work.</summary>
internal sealed class ServiceDirectory(ActorHost host, DaprClient dapr, ControlPlaneMetrics metrics, TimeProvider clock)
    : MeasuredActor(host, metrics, clock), IServiceDirectory
{
    private readonly DirectoryKeeper keeper =
        new(new StoredRecord<DirectoryRecord>(dapr, $"services-{host.Id.GetId()}", clock, metrics));

    public Task<ValueList<string>> Names() => keeper.Names();

    public Task Add(string service) => keeper.Add(service);

    public Task Remove(string service) => keeper.Remove(service);
}
