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
            if ((int?)app!["pid"] is { } pid) all.Add(((string?)app["appId"] == "control-plane" ? "master" : "worker", pid));
        }
    }

    /// <summary>Megabytes of each kind; of several the largest.</summary>
    public IEnumerable<(string Kind, double Megabytes)> Memory() =>
        all.GroupBy(it => it.Kind).Select(kind => (kind.Key, kind.Max(it => Megabytes(it.Pid))));

    /// <summary>Percent of a core that each kind uses over a while; of several the busiest.</summary>
    public async Task<IEnumerable<(string Kind, double Percent)>> Cpu(TimeSpan over)
    {
        var before = all.Select(it => CpuSeconds(it.Pid)).ToList();
        await Task.Delay(over, TimeProvider.System);
        var used = all.Select((it, i) => (it.Kind, Percent: 100 * (CpuSeconds(it.Pid) - before[i]) / over.TotalSeconds));
        return used.GroupBy(it => it.Kind).Select(kind => (kind.Key, kind.Max(it => it.Percent))).ToList();
    }

    private static double Megabytes(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(
            line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024)
        .Single();

    private static double CpuSeconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before it may hold blanks
        return (double.Parse(fields[11], CultureInfo.InvariantCulture)
            + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
