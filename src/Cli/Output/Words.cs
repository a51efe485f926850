using System.Globalization;

namespace Orchestrator.Cli.Output;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>How long ago, in the two largest units at most.</summary>
    public static string Age(DateTimeOffset? then, DateTimeOffset now) => then is { } it ? Long(now - it) : "";

    public static string Long(TimeSpan span) => span switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds}s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes}m"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours}h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d"),
    };

    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    public static string Percent(double part) => string.Create(CultureInfo.InvariantCulture, $"{part * 100:0} %");

    public static string Number(double number) => string.Create(CultureInfo.InvariantCulture, $"{number:0.##}");

    /// <summary><c>1 instance</c>, <c>2 instances</c>.</summary>
    public static string Count(int count, string one, string? many = null) => $"{count} {(count == 1 ? one : many ?? $"{one}s")}";

    /// <summary>By the clock of whoever reads, without the day when it is today.</summary>
    public static string Time(DateTimeOffset then, DateTimeOffset now)
    {
        var here = then.ToLocalTime();
        return here.ToString(here.Date == now.ToLocalTime().Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
    }
}
