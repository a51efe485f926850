using System.Globalization;

namespace Orchestrator.Hosts.Scenarios;

/// <summary>How long something took, some times over: a line of a table.</summary>
internal sealed record Measured(string Fault, string Until, IReadOnlyList<TimeSpan> Times)
{
    public const string Head = """
        | fault | until | median | worst | of |
        |---|---|---|---|---|
        """;

    private TimeSpan Median
    {
        get
        {
            var sorted = Times.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    public override string ToString() => $"| {Fault} | {Until} | {Seconds(Median)} | {Seconds(Times.Max())} | {Times.Count} |";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
