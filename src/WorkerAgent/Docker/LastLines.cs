using Orchestrator.Contracts.Values;

namespace Orchestrator.WorkerAgent.Docker;

/// <summary>The last lines of a log out of its two streams, of which each line begins with its time.</summary>
internal static class LastLines
{
    private const int Most = 5;
    private const int Longest = 300;

    public static LastWords Of(string output, string error)
    {
        var (said, complained) = (Lines(output), Lines(error));
        // The two streams reach the log in no certain order, and what went wrong stands in the second.
        var line = (complained is [] ? said : complained) is [.., var last] ? last.Text : null;
        var all = said.Concat(complained).OrderBy(it => it.Time, StringComparer.Ordinal).TakeLast(Most);
        return new(line, all.Select(it => it.Text).ToValueList());
    }

    private static List<(string Time, string Text)> Lines(string stream) =>
        [.. stream.Split('\n').Select(Line).Where(it => it.Text.Length > 0)];

    private static (string Time, string Text) Line(string line)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var text = line[(space + 1)..].Trim();
        return (space < 0 ? "" : line[..space], space < 0 ? "" : text.Length > Longest ? text[..Longest] + "…" : text);
    }
}
