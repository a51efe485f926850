using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>The names of the services as they are stored.</summary>
internal sealed record DirectoryRecord(ValueList<string> Names);

/// <summary>Keeps the list of services. Its calls must come one at a time; the actor sees to that.</summary>
internal sealed class DirectoryKeeper(IStoredRecord<DirectoryRecord> record)
{
    private SortedSet<string>? names;

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
