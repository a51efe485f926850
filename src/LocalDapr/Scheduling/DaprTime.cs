using System.Globalization;
using System.Text.RegularExpressions;

namespace LocalDapr.Scheduling;

/// <summary>The ways in which Dapr lets one write a duration or a point in time.</summary>
internal static partial class DaprTime
{
    /// <summary>
    /// A Go duration (<c>1h30m</c>, <c>0h0m1s500ms</c>) or an ISO 8601 one without repetitions (<c>PT1M</c>, <c>P1D</c>).
    /// </summary>
    public static bool TryDuration(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text)) return false;
        if (text[0] is 'P') return TryIso(text, out duration, out bool calendar) && !calendar;
        return TryGo(text, out duration);
    }

    /// <summary>When something is due: a duration from now, an RFC 3339 time, or now when the text is empty.</summary>
    public static bool TryDue(string? text, DateTimeOffset now, out DateTimeOffset due)
    {
        due = now;
        if (string.IsNullOrEmpty(text)) return true;
        if (TryIsoWithCalendar(text, now, out due)) return true;
        if (TryDuration(text, out var wait))
        {
            due = now + wait;
            return true;
        }

        return text.Length >= 10 && text[4] == '-' && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out due);
    }

    public static bool TryGo(string text, out TimeSpan duration)
    {
        duration = default;
        bool negative = text.StartsWith('-');
        string rest = text.TrimStart('-', '+');
        if (rest == "0") return true;
        var match = GoDuration().Match(rest);
        if (!match.Success) return false;
        double ticks = 0;
        for (int i = 0; i < match.Groups[1].Captures.Count; i++)
        {
            double amount = double.Parse(match.Groups[1].Captures[i].ValueSpan, CultureInfo.InvariantCulture);
            ticks += amount * (match.Groups[2].Captures[i].Value switch
            {
                "h" => TimeSpan.TicksPerHour,
                "m" => TimeSpan.TicksPerMinute,
                "s" => TimeSpan.TicksPerSecond,
                "ms" => TimeSpan.TicksPerMillisecond,
                "ns" => 0.01,
                _ => 10, // us, µs
            });
        }

        if (ticks > TimeSpan.MaxValue.Ticks / 2.0) return false;
        duration = TimeSpan.FromTicks((long)Math.Round(negative ? -ticks : ticks));
        return true;
    }

    /// <summary><c>P[nY][nM][nW][nD][T[nH][nM][nS]]</c>; <paramref name="calendar"/> when it holds years or months.</summary>
    public static bool TryIso(string text, out TimeSpan duration, out bool calendar)
    {
        duration = default;
        calendar = false;
        var match = IsoDuration().Match(text);
        if (!match.Success || text.Length < 3 || text.EndsWith('T')) return false;
        calendar = match.Groups["y"].Success || match.Groups["mo"].Success;
        duration = TimeSpan.FromDays((Number("w") * 7) + Number("d")) + TimeSpan.FromHours(Number("h"))
            + TimeSpan.FromMinutes(Number("m")) + TimeSpan.FromSeconds(Number("s"));
        return true;

        double Number(string group) =>
            match.Groups[group].Success ? double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    private static bool TryIsoWithCalendar(string text, DateTimeOffset from, out DateTimeOffset due)
    {
        due = from;
        if (text[0] != 'P' || !TryIso(text, out var rest, out bool calendar) || !calendar) return false;
        var match = IsoDuration().Match(text);
        due = from.AddYears(Number("y")).AddMonths(Number("mo")) + rest;
        return true;

        int Number(string group) =>
            match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(@"^(?:(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns))+$", RegexOptions.CultureInvariant)]
    private static partial Regex GoDuration();

    [GeneratedRegex(
        @"^P(?:(?<y>\d+)Y)?(?:(?<mo>\d+)M)?(?:(?<w>\d+)W)?(?:(?<d>\d+)D)?(?:T(?:(?<h>\d+)H)?(?:(?<m>\d+)M)?(?:(?<s>\d+(?:\.\d+)?)S)?)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex IsoDuration();
}
