using Orchestrator.Dashboard.Shell;

namespace Orchestrator.Dashboard.Stats;

/// <summary>Values as a line in a box of 100 by 30; the newest is at its right side.</summary>
public static class SparkPath
{
    private const double Height = 30;

    /// <param name="width">How many values fill the box.</param>
    /// <param name="atLeast">What the top stands for, unless a value is larger.</param>
    public static string Line(IReadOnlyList<double> values, int width, double atLeast = 0)
    {
        if (values.Count == 0) return "";
        var top = Math.Max(atLeast, values.Max());
        return string.Concat(values.Select((value, at) => $"{(at == 0 ? "M" : "L")}{X(values, width, at)} {Y(value, top)}"));
    }

    /// <summary>The same, with all that is below it.</summary>
    public static string Area(IReadOnlyList<double> values, int width, double atLeast = 0) => values.Count == 0 ? ""
        : $"{Line(values, width, atLeast)}L100 {Height}L{X(values, width, 0)} {Height}Z";

    private static string X(IReadOnlyList<double> values, int width, int at) =>
        Figures.Plain(100 - (values.Count - 1 - at) * (100.0 / Math.Max(1, width - 1)));

    private static string Y(double value, double top) => Figures.Plain(top <= 0 ? Height : Height - value / top * (Height - 1));
}
