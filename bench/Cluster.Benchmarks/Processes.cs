using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Cluster.Benchmarks;

/// <summary>The processes of the cluster, as LocalDapr's <c>status --json</c> names them; none on real Dapr.</summary>
internal sealed class Processes
{
    private const double TicksPerSecond = 100; // USER_HZ, which is 100 wherever .NET runs on Linux

    private readonly List<(string Kind, int Pid)> all = [];

    public Processes(string? status)
    {
        if (string.IsNullOrEmpty(status)) return;
        var run = JsonNode.Parse(status, new JsonNodeOptions { PropertyNameCaseInsensitive = true })!;
        all.Add(("localdapr", (int)run["pid"]!));
        foreach (var app in run["apps"]!.AsArray())
        {
            if ((int?)app!["pid"] is not { } pid) continue;
            all.Add(((string?)app["appId"] == "control-plane" ? "master" : "worker", pid));
            all.AddRange(ChildrenOf(pid).Select(guard => ("guard", guard)));
        }
    }

    /// <summary>
    /// Megabytes of each kind, of several the largest: what is resident, and its share of that, where pages that several processes have are
    /// divided among them.
    /// </summary>
    public IEnumerable<(string Kind, double Resident, double Share)> Memory() =>
        all.GroupBy(it => it.Kind).Select(
            kind => (kind.Key, kind.Max(it => Megabytes(it.Pid, "Rss:")), kind.Max(it => Megabytes(it.Pid, "Pss:"))));

    /// <summary>Percent of a core that each kind uses over a while; of several the busiest.</summary>
    public async Task<IEnumerable<(string Kind, double Percent)>> Cpu(TimeSpan over)
    {
        var before = all.Select(it => CpuSeconds(it.Pid)).ToList();
        await Task.Delay(over, TimeProvider.System);
        var used = all.Select((it, i) => (it.Kind, Percent: 100 * (CpuSeconds(it.Pid) - before[i]) / over.TotalSeconds));
        return used.GroupBy(it => it.Kind).Select(kind => (kind.Key, kind.Max(it => it.Percent))).ToList();
    }

    private static double Megabytes(int pid, string what) => File.ReadLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith(what, StringComparison.Ordinal))
        .Select(line => double.Parse(line[what.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024)
        .Single();

    private static List<int> ChildrenOf(int pid) => Directory.GetDirectories($"/proc/{pid}/task")
        .Select(thread => Path.Combine(thread, "children")).Where(File.Exists)
        .SelectMany(children => File.ReadAllText(children).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).ToList();

    private static double CpuSeconds(int pid)
    {
        var stat = $"/proc/{pid}/stat";
        return (double.Parse(Field(stat, 11), CultureInfo.InvariantCulture)
            + double.Parse(Field(stat, 12), CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Of what stands behind the name, which may hold blanks.</summary>
    private static string Field(string file, int number)
    {
        var stat = File.ReadAllText(file);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[number];
    }
}
