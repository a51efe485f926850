using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal sealed class FakeDirectory(List<string> journal, params string[] names) : IDirectory
{
    public SortedSet<string> All { get; } = new(names, StringComparer.Ordinal);

    /// <summary>Thrown at whoever asks.</summary>
    public Exception? Trouble { get; set; }

    public Task<ValueList<string>> Names(CancellationToken cancel) => Trouble is { } e ? throw e : Task.FromResult(All.ToValueList());

    public Task Add(string service)
    {
        if (Trouble is { } e) throw e;
        if (All.Add(service)) journal.Add($"lists {service}");
        return Task.CompletedTask;
    }

    public Task Remove(string service)
    {
        if (Trouble is { } e) throw e;
        if (All.Remove(service)) journal.Add($"lists {service} no longer");
        return Task.CompletedTask;
    }
}
