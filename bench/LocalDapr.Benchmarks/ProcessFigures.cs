using System.Globalization;

namespace LocalDapr.Benchmarks;

/// <summary>What Linux tells about another process.</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100; // USER_HZ, which is 100 wherever .NET runs on Linux

    public static double RssMegabytes(int pid) => File.ReadLines($"/proc/{pid}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => double.Parse(
            line["VmRSS:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024)
        .Single();

    /// <summary>Percent of one core, over a while.</summary>
    public static async Task<double> CpuPercentAsync(int pid, TimeSpan over, CancellationToken cancel)
    {
        var (before, clock) = (CpuSeconds(pid), TimeProvider.System.GetTimestamp());
        await Task.Delay(over, TimeProvider.System, cancel);
        return 100 * (CpuSeconds(pid) - before) / TimeProvider.System.GetElapsedTime(clock).TotalSeconds;
    }

    private static double CpuSeconds(int pid)
    {
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // the name before it may hold blanks
        return (double.Parse(fields[11], CultureInfo.InvariantCulture)
            + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
