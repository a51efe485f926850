using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Compose.Nodes;

namespace Orchestrator.Compose.Translation;

/// <summary>Single values as compose files write them.</summary>
internal static partial class Values
{
    private static readonly Dictionary<string, double> Ticks = new()
    {
        ["ns"] = 0.01, ["us"] = TimeSpan.TicksPerMicrosecond, ["µs"] = TimeSpan.TicksPerMicrosecond, ["ms"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond, ["m"] = TimeSpan.TicksPerMinute, ["h"] = TimeSpan.TicksPerHour,
    };

    /// <summary><c>1h5m30s20ms</c>, of ns, us, ms, s, m and h; none when it is none.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        if (!Durations().IsMatch(text)) return null;
        var ticks = Part().Matches(text)
            .Sum(it => double.Parse(it.Groups[1].Value, CultureInfo.InvariantCulture) * Ticks[it.Groups[2].Value]);
        return ticks < TimeSpan.FromDays(3650).Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    public static int? Mode(ScalarNode node)
    {
        var isOctal = !node.IsPlain || node.Text.StartsWith('0');
        var digits = node.Text.StartsWith("0o", StringComparison.Ordinal) ? node.Text[2..] : node.Text;
        if (digits.Length is 0 or > 6 || !digits.All(char.IsAsciiDigit)) return null;
        if (!isOctal) return int.Parse(digits, CultureInfo.InvariantCulture) is <= 0xFFF and var number ? number : null;
        return digits.Any(it => it > '7') || Convert.ToInt32(digits, 8) > 0xFFF ? null : Convert.ToInt32(digits, 8);
    }

    public static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    /// <summary>How many letters are to be changed, added or taken away.</summary>
    public static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var (at, letter) in one.Index())
        {
            var before = row[0];
            row[0] = at + 1;
            for (var i = 1; i <= other.Length; i++)
            {
                var kept = before + (letter == other[i - 1] ? 0 : 1);
                before = row[i];
                row[i] = Math.Min(kept, Math.Min(row[i], row[i - 1]) + 1);
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+\z")]
    private static partial Regex Durations();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)")]
    private static partial Regex Part();
}
