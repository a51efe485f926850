using System.Globalization;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>
/// What was measured, a line of a file for each time, so that runs add up, on whatever day, and one that is broken off has lost nothing.
/// </summary>
/// <param name="file">None keeps them in memory alone.</param>
internal sealed class KeptFigures(string? file)
{
    private readonly List<string> lines = file is not null && File.Exists(file) ? [.. File.ReadLines(file)] : [];

    public void Add(string fault, string until, TimeSpan time)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{fault}\t{until}\t{time.TotalSeconds:0.000}");
        lines.Add(line);
        if (file is not null) File.AppendAllText(file, line + "\n");
    }

    /// <summary>All that was measured of a fault, in all runs; null when nothing was.</summary>
    public Measured? Of(string fault, string until)
    {
        var times = lines.Select(line => line.Split('\t')).Where(words => words.Length == 3 && words[0] == fault && words[1] == until)
            .Select(words => TimeSpan.FromSeconds(double.Parse(words[2], CultureInfo.InvariantCulture))).ToList();
        return times.Count == 0 ? null : new(fault, until, times);
    }
}
