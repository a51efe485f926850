using Orchestrator.Contracts.Looking;

namespace Orchestrator.Dashboard.Stats;

/// <summary>What one instance has used lately.</summary>
public sealed class Samples
{
    /// <summary>So many are kept.</summary>
    public const int Most = 60;

    private readonly List<InstanceStats> all = [];

    public InstanceStats Newest => all[^1];

    public IReadOnlyList<double> Cpu => [.. all.Select(it => it.Cpu)];

    public IReadOnlyList<double> Memory => [.. all.Select(it => (double)it.Memory)];

    /// <summary>Bytes a second, of both ways; one value fewer than there are samples.</summary>
    public IReadOnlyList<double> Network => Rates(it => it.NetworkReceived + it.NetworkSent);

    public IReadOnlyList<double> Disk => Rates(it => it.BlockRead + it.BlockWritten);

    public void Add(InstanceStats sample)
    {
        all.Add(sample);
        if (all.Count > Most) all.RemoveAt(0);
    }

    private List<double> Rates(Func<InstanceStats, long> of) => [.. all.Zip(all.Skip(1), (before, after) =>
        Math.Max(0, of(after) - of(before)) / Math.Max(0.001, (after.At - before.At).TotalSeconds))];
}
