namespace Orchestrator.ControlPlane.Placement;

/// <summary>The workers that share a value of the label to spread over.</summary>
internal sealed class Zone(string value, int[] workers, int[] any)
{
    public static Comparison<Zone> EmptierFirst { get; } =
        static (a, b) => a.Instances != b.Instances ? a.Instances - b.Instances : string.CompareOrdinal(a.Value, b.Value);

    public string Value => value;

    public int[] Workers => workers;

    /// <summary>Those and the ones that are not eligible: what runs there counts.</summary>
    public int[] Any => any;

    public int Instances { get; private set; }

    /// <summary>Every worker is in the zone that its label tells; those without the label share one.</summary>
    public static Zone[] ByLabel(Fleet fleet, string label, List<int> eligible)
    {
        var all = new SortedDictionary<string, (List<int> Eligible, List<int> Any)>(StringComparer.Ordinal);
        for (var i = 0; i < fleet.Workers.Length; i++)
        {
            var value = fleet.Workers[i].Labels[label] ?? "";
            if (!all.TryGetValue(value, out var zone)) all[value] = zone = ([], []);
            zone.Any.Add(i);
        }

        foreach (var i in eligible) all[fleet.Workers[i].Labels[label] ?? ""].Eligible.Add(i);
        return [.. all.Select(z => new Zone(z.Key, [.. z.Value.Eligible], [.. z.Value.Any]))];
    }

    public void Count(Fleet fleet)
    {
        Instances = 0;
        foreach (var worker in any) Instances += fleet[worker].Here;
    }
}
