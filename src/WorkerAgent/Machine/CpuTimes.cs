using System.Globalization;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>Processor time since boot, in ticks of the kernel.</summary>
internal readonly record struct CpuTimes(ulong Busy, ulong Total)
{
    /// <summary>Reads the first line of /proc/stat: <c>cpu  user nice system idle iowait irq softirq steal guest guest_nice</c>.</summary>
    public static CpuTimes Parse(string procStat)
    {
        var line = procStat.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (line is not ["cpu", ..] || line.Length < 5) throw new FormatException($"not a line of /proc/stat: '{procStat.Split('\n')[0]}'");
        // Guest time is contained in user time already.
        var ticks = line.Skip(1).Take(8).Select(t => ulong.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        var total = ticks.Aggregate(0UL, (sum, t) => sum + t);
        var idle = ticks[3] + (ticks.Length > 4 ? ticks[4] : 0);
        return new(total - idle, total);
    }

    /// <summary>Part of the time in between that was busy, 0 to 1; 0 when no time has passed.</summary>
    public double BusySince(CpuTimes earlier) =>
        Total <= earlier.Total ? 0 : Math.Clamp(((double)Busy - earlier.Busy) / (Total - earlier.Total), 0, 1);
}
