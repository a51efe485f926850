namespace Orchestrator.WorkerAgent.Machine;

/// <summary>Live load of the machine, smoothed over a few seconds so that one start does not turn placement around.</summary>
internal sealed class LoadMeter(TimeProvider clock, string folder = "/proc")
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(3);

    private CpuTimes? before;
    private long at;
    private double? smooth;

    /// <summary>Parts of all cores and of memory in use, 0 to 1; zeros where there is no /proc.</summary>
    public (double Cpu, double Memory) Read()
    {
        if (!File.Exists(Path.Combine(folder, "stat"))) return (0, 0);
        var now = CpuTimes.Parse(File.ReadAllText(Path.Combine(folder, "stat")));
        if (before is { } earlier && now.Total > earlier.Total)
        {
            var fresh = now.BusySince(earlier);
            smooth = smooth is { } old ? Smooth(old, fresh, clock.GetElapsedTime(at)) : fresh;
        }

        (before, at) = (now, clock.GetTimestamp());
        return (Math.Round(smooth ?? 0, 3), Math.Round(MemoryUse.Parse(File.ReadAllText(Path.Combine(folder, "meminfo"))), 3));
    }

    /// <summary>The longer ago the old figure was taken, the less it counts.</summary>
    public static double Smooth(double old, double fresh, TimeSpan passed)
    {
        var weight = Math.Exp(-passed / Memory);
        return (old * weight) + (fresh * (1 - weight));
    }
}
