using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>When something fires next, and how often still. Values in, values out.</summary>
/// <param name="Next">When it is due.</param>
/// <param name="Every">The distance to the one after; null when there is none.</param>
/// <param name="Left">How many times still, this one counted; null without end.</param>
/// <param name="Expires">From when on it does not fire any more.</param>
internal sealed record ReminderSchedule(DateTimeOffset Next, TimeSpan? Every, int? Left, DateTimeOffset? Expires)
{
    /// <summary>Reads a registration. The result is either a schedule or, in words, why there is none.</summary>
    public static (ReminderSchedule? Schedule, string? Refusal) Start(ReminderRequest request, DateTimeOffset now, bool isTimer)
    {
        if (!DaprTime.TryDue(request.DueTime, now, out var due))
            return (null, $"dueTime '{request.DueTime}' is neither a duration nor a time");
        if (!Scheduling.Period.TryRead(request.Period, days: isTimer, out var period))
            return (null, $"period '{request.Period}' is not supported: a duration below a day in ISO 8601, or a Go duration, is");
        if (due < now) due = now;
        DateTimeOffset? expires = null;
        if (request.Ttl.Length > 0)
        {
            if (!DaprTime.TryDue(request.Ttl, due, out var end)) return (null, $"ttl '{request.Ttl}' is neither a duration nor a time");
            // A duration counts from the due time, so it may well be the shorter one; a time may not lie before it.
            if (end < due) return (null, $"ttl '{request.Ttl}' ends before the reminder is due");
            if (!isTimer && period.Every is null) return (null, "a ttl needs a period");
            expires = end;
        }

        return period.Times == 0 ? (null, "zero repetitions") : (new(due, period.Every, period.Times, expires), null);
    }

    /// <summary>After a tick was delivered or given up; null when that was the last one.</summary>
    public ReminderSchedule? Advance()
    {
        if (Every is not { } every || Left == 1) return null;
        var next = this with { Next = Next + every, Left = Left - 1 };
        return Expires is { } end && next.Next >= end ? null : next;
    }
}
