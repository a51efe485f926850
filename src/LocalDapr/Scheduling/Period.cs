using System.Globalization;
using System.Text;

namespace LocalDapr.Scheduling;

/// <summary>How a reminder or timer repeats: every so often, and how many times in all (null: without end).</summary>
internal readonly record struct Period(TimeSpan? Every, int? Times)
{
    public static Period Once { get; } = new(null, 1);

    /// <summary>Reads <c>1m</c>, <c>@every 1m</c>, <c>PT1M</c> or <c>R3/PT1M</c>; empty or zero is once. False for anything else.</summary>
    /// <param name="text">What was registered.</param>
    /// <param name="days">Whether days and weeks may be used; the scheduler behind reminders refuses them in ISO form.</param>
    /// <param name="period">What was read.</param>
    public static bool TryRead(string? text, bool days, out Period period)
    {
        period = Once;
        if (string.IsNullOrEmpty(text)) return true;
        int? times = null;
        if (text.StartsWith("@every ", StringComparison.Ordinal)) text = text["@every ".Length..].Trim();
        else if (Named(text) is { } every)
        {
            period = new(every, null);
            return true;
        }

        if (text[0] == 'R' && text.IndexOf('/') is > 0 and var slash)
        {
            if (slash > 1)
            {
                if (!int.TryParse(text.AsSpan(1, slash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)) return false;
                times = count;
            }

            text = text[(slash + 1)..];
            if (text.Length == 0) return times is not null;
        }

        if (!days && text.StartsWith('P') && text.IndexOfAny(['D', 'W']) >= 0) return false;
        if (!DaprTime.TryDuration(text, out var duration) || duration < TimeSpan.Zero) return false;
        period = duration == TimeSpan.Zero ? new(null, 1) : new(duration, times);
        return true;
    }

    /// <summary>As Go writes a duration: <c>1h0m5s</c>, <c>1s</c>, <c>1.5s</c>, <c>500ms</c>.</summary>
    public static string Go(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1)) return duration.TotalMilliseconds.ToString("0.######", CultureInfo.InvariantCulture) + "ms";
        var text = new StringBuilder();
        int hours = (int)duration.TotalHours;
        if (hours > 0) text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        if (hours > 0 || duration.Minutes > 0) text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        double seconds = duration.Seconds + (duration.Ticks % TimeSpan.TicksPerSecond / (double)TimeSpan.TicksPerSecond);
        return text.Append(CultureInfo.InvariantCulture, $"{seconds:0.#######}s").ToString();
    }

    private static TimeSpan? Named(string text) => text switch
    {
        "@hourly" => TimeSpan.FromHours(1),
        "@daily" or "@midnight" => TimeSpan.FromDays(1),
        "@weekly" => TimeSpan.FromDays(7),
        _ => null,
    };
}
