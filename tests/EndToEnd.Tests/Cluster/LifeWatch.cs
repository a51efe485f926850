using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.EndToEnd.Cluster;

/// <summary>The engine's own word on which containers of a cluster began and ended, in its order.</summary>
internal sealed class LifeWatch : IDisposable
{
    private const string Format = """{{.TimeNano}} {{.Action}} {{index .Actor.Attributes "orchestrator.instance"}}""";

    private readonly Process process;
    private readonly List<(double Second, string What, string Instance)> seen = [];

    public LifeWatch(string cluster)
    {
        string[] filters = [$"label=orchestrator.cluster={cluster}", "event=start", "event=die"];
        process = Process.Start(new ProcessStartInfo(
            "docker", ["events", .. filters.SelectMany(f => new[] { "--filter", f }), "--format", Format])
        {
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
    }

    /// <summary>What happened, a line each: <c>12.3 start once-1-r1-a2</c>.</summary>
    public string Story
    {
        get
        {
            lock (seen) return string.Join("\n", seen.Select(Line));
        }
    }

    /// <summary>The most containers of a service that lived at one moment.</summary>
    public int MostOf(string service)
    {
        HashSet<string> live = [];
        var most = 0;
        foreach (var (_, what, instance) in All(service))
        {
            if (what == "start") live.Add(instance);
            else live.Remove(instance);
            most = Math.Max(most, live.Count);
        }

        return most;
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private List<(double Second, string What, string Instance)> All(string service)
    {
        lock (seen) return [.. seen.Where(s => s.Instance.StartsWith(service + "-", StringComparison.Ordinal))];
    }

    private static string Line((double Second, string What, string Instance) it) =>
        string.Create(CultureInfo.InvariantCulture, $"{it.Second:0.00} {it.What} {it.Instance}");

    private void Take(string? line)
    {
        if (line?.Split(' ') is not [var nanoseconds, var what, var instance]) return;
        lock (seen) seen.Add((double.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1e9 % 10_000, what, instance));
    }
}
