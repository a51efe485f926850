using System.Globalization;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>How full the machine's memory is.</summary>
internal static class MemoryUse
{
    /// <summary>Reads /proc/meminfo: the part that is not available to new programs, 0 to 1.</summary>
    public static double Parse(string procMeminfo)
    {
        var (total, available) = (Kilobytes(procMeminfo, "MemTotal:"), Kilobytes(procMeminfo, "MemAvailable:"));
        return total <= 0 ? 0 : Math.Clamp(1 - (available / total), 0, 1);
    }

    private static double Kilobytes(string text, string field)
    {
        var line = text.Split('\n').FirstOrDefault(l => l.StartsWith(field, StringComparison.Ordinal))
            ?? throw new FormatException($"no '{field}' in /proc/meminfo");
        return double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
