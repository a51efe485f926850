using Dapr.Actors.Runtime;
using Dapr.Client;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;

namespace Orchestrator.ControlPlane.Services;

/// <summary>The actor that lists services. A name may be here without a service (a create that failed); never the other way round.</summary>
internal sealed class ServiceDirectory(ActorHost host, DaprClient dapr, TimeProvider clock) : Actor(host), IServiceDirectory
{
    private readonly StoredRecord<DirectoryRecord> record = new(dapr, $"services-{host.Id.GetId()}", clock);
    private SortedSet<string>? names;

    private sealed record DirectoryRecord(ValueList<string> Names);

    public async Task<ValueList<string>> Names() => (await Load()).ToValueList();

    public Task Add(string service) => Change(names => names.Add(service));

    public Task Remove(string service) => Change(names => names.Remove(service));

    private async Task Change(Func<SortedSet<string>, bool> change)
    {
        var next = new SortedSet<string>(await Load(), StringComparer.Ordinal);
        if (!change(next)) return;
        // Forgotten until the save has succeeded: after a conflict the next call reads again.
        names = null;
        await record.Save(new DirectoryRecord(next.ToValueList()));
        names = next;
    }

    private async Task<SortedSet<string>> Load() =>
        names ??= new SortedSet<string>((await record.Load())?.Names ?? [], StringComparer.Ordinal);
}
