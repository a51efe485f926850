using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The actor that lists services; the <see cref="DirectoryKeeper"/> does the work.</summary>
internal sealed class ServiceDirectory(ActorHost host, DaprClient dapr, TimeProvider clock) : Actor(host), IServiceDirectory
{
    private readonly DirectoryKeeper keeper = new(new StoredRecord<DirectoryRecord>(dapr, $"services-{host.Id.GetId()}", clock));

    public Task<ValueList<string>> Names() => keeper.Names();

    public Task Add(string service) => keeper.Add(service);

    public Task Remove(string service) => keeper.Remove(service);
}
