using System.Diagnostics.CodeAnalysis;
using Cronos;
using Orchestrator.Contracts.Services;

namespace Orchestrator.ControlPlane.Schedules;

/// <summary>When a job is to run, as cron writes it. Pure: what moment it is, others say.</summary>
internal sealed class Timetable
{
    private readonly CronExpression cron;
    private readonly TimeZoneInfo zone;

    private Timetable(CronExpression cron, TimeZoneInfo zone) => (this.cron, this.zone) = (cron, zone);

    /// <summary>None without a schedule, and where it cannot be read; the wish has been looked at before.</summary>
    public static Timetable? Of(JobSpec job) =>
        job.Schedule is { } schedule && TryRead(schedule, out var cron, out _) && TryFind(job.TimeZone, out var zone)
            ? new(cron, zone) : null;

    /// <summary>What is wrong with a schedule; none when it can be followed.</summary>
    public static string? Problem(string schedule)
    {
        if (!TryRead(schedule, out var cron, out var problem)) return problem;
        // The 30th of February passes every parser.
        return cron.GetNextOccurrence(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null ? "names no moment that ever comes" : null;
    }

    public static bool IsTimeZone(string name) => TryFind(name, out _);

    /// <summary>The first moment after another one; none when there is no further one.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => cron.GetNextOccurrence(after, zone)?.ToUniversalTime();

    /// <summary>What is due after all that has been decided upon up to a moment.</summary>
    /// <param name="late">What was due longer ago than that is missed for good.</param>
    public Due Due(DateTimeOffset decidedUpTo, DateTimeOffset now, TimeSpan late)
    {
        var first = Next(decidedUpTo);
        if (first is null || first > now) return new(null, null);
        var since = now - late > decidedUpTo ? now - late : decidedUpTo;
        // What is due this very moment is not late, and what was due exactly so long ago is not too late.
        var all = cron.GetOccurrences(since, now, zone, fromInclusive: since > decidedUpTo, toInclusive: true);
        var newest = all.Select(at => at.ToUniversalTime()).Cast<DateTimeOffset?>().LastOrDefault();
        return new(newest, first == newest ? null : first);
    }

    private static bool TryRead(string schedule, [NotNullWhen(true)] out CronExpression? cron, out string problem)
    {
        (cron, problem) = (null, "");
        var fields = schedule.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
        try
        {
            cron = CronExpression.Parse(schedule, fields == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
            return true;
        }
        catch (CronFormatException e)
        {
            problem = $"'{schedule}' cannot be read: {e.Message.TrimEnd('.')}; five fields are minute, hour, day, month and weekday, six "
                + "begin with seconds";
            return false;
        }
    }

    private static bool TryFind(string? name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        zone = TimeZoneInfo.Utc;
        return name is null || TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone);
    }
}

/// <param name="Begin">The newest moment that is due and not too long ago; none when there is none.</param>
/// <param name="MissedSince">The first of those that are not made up; none when all is made up.</param>
internal sealed record Due(DateTimeOffset? Begin, DateTimeOffset? MissedSince);
