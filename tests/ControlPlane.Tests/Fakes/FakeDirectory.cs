using Orchestrator.Contracts.Listing;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal sealed class FakeDirectory(List<string> journal, params string[] names) : IDirectory
{
    public SortedSet<string> All { get; } = new(names, StringComparer.Ordinal);

    /// <summary>What was told last of each service.</summary>
    public Dictionary<string, ServiceLine> Lines { get; } = new(StringComparer.Ordinal);

    /// <summary>What was announced last of each service.</summary>
    public Dictionary<string, ServiceLine> Announced { get; } = new(StringComparer.Ordinal);

    /// <summary>How often something was told.</summary>
    public int Told { get; private set; }

    /// <summary>The workers that were calm at the last sweep.</summary>
    public ValueList<string>? Calm { get; private set; }

    /// <summary>Thrown at whoever asks.</summary>
    public Exception? Trouble { get; set; }

    public long Floor { get; set; }

    public Task Expect(ServiceLine line)
    {
        if (Trouble is { } e) throw e;
        if (line.Gone)
        {
            journal.Add($"raises the floor to {line.Epoch}");
            Floor = Math.Max(Floor, line.Epoch);
            return Task.CompletedTask;
        }

        Announced[line.Name] = line;
        if (All.Add(line.Name)) journal.Add($"lists {line.Name}");
        return Task.CompletedTask;
    }

    public void Tell(ServiceLine line)
    {
        Told++;
        if (line.Gone && All.Remove(line.Name)) journal.Add($"lists {line.Name} no longer");
        else if (!line.Gone) All.Add(line.Name);
        Lines[line.Name] = line;
    }

    public Task Arrived(CancellationToken cancel) => Task.CompletedTask;

    public Task<ValueList<string>> Due(ValueList<string>? calm, CancellationToken cancel)
    {
        Calm = calm;
        return Trouble is { } e ? throw e : Task.FromResult(All.ToValueList());
    }
}
