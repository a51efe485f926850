using System.Globalization;
using System.Text.RegularExpressions;

namespace Orchestrator.Contracts.Logs;

/// <summary>Times of log lines, as texts: a <see cref="DateTimeOffset"/> does not hold nanoseconds.</summary>
public static partial class LogTimes
{
    private const string Seconds = "yyyy-MM-ddTHH:mm:ss";

    public static string Of(DateTimeOffset time) =>
        time.ToUniversalTime().ToString($"{Seconds}.fffffff", CultureInfo.InvariantCulture) + "00Z";

    /// <summary>Reads RFC 3339 with up to nine digits of a second; answers it in UTC with all nine.</summary>
    public static string? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match) return null;
        var whole = match.Groups["whole"].Value.ToUpperInvariant().Replace(' ', 'T') + match.Groups["zone"].Value.ToUpperInvariant();
        return DateTimeOffset.TryParseExact(
            whole, $"{Seconds}K", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) && time.Year >= 1970
            ? $"{time.UtcDateTime.ToString(Seconds, CultureInfo.InvariantCulture)}.{match.Groups["part"].Value.PadRight(9, '0')}Z"
            : null;
    }

    /// <summary>As engines take it: seconds since 1970, with nanoseconds.</summary>
    public static string ForEngine(string time) => string.Create(CultureInfo.InvariantCulture,
        $"{DateTimeOffset.ParseExact(time[..19] + "Z", $"{Seconds}K", CultureInfo.InvariantCulture).ToUnixTimeSeconds()}.{time[20..29]}");

    [GeneratedRegex(@"^(?<whole>\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(\.(?<part>\d{1,9}))?(?<zone>[Zz]|[+-]\d\d:\d\d)\z")]
    private static partial Regex Shape();
}
