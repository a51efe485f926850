using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Schedules;

namespace Orchestrator.Core.Tests.Schedules;

/// <summary>When a job is to run next, and what is due of that which was missed.</summary>
public sealed class TimetableExamples
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero);

    private static Timetable Of(string schedule, string? zone = null) =>
        Timetable.Of(new JobSpec { Schedule = schedule, TimeZone = zone })!;

    private static DateTimeOffset At(string time) => Midnight.Add(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("0 3 * * *", null, "03:00:00")]
    [InlineData("*/10 * * * * *", null, "00:00:10")]
    [InlineData("@hourly", null, "01:00:00")]
    [InlineData("0 3 * * *", "Europe/Berlin", "01:00:00")]
    // That night half past two does not come in Berlin: the clocks go from two to three.
    [InlineData("30 2 * * *", "Europe/Berlin", "01:00:00")]
    public void Tells_the_next_moment(string schedule, string? zone, string next) =>
        Assert.Equal(At(next), Of(schedule, zone).Next(Midnight));

    [Fact]
    public void In_the_night_that_has_an_hour_twice_a_daily_run_comes_once()
    {
        var table = Of("30 2 * * *", "Europe/Berlin");
        var evening = new DateTimeOffset(2026, 10, 24, 20, 0, 0, TimeSpan.Zero);
        var first = table.Next(evening)!.Value;
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), first);
        Assert.Equal(new DateTimeOffset(2026, 10, 26, 1, 30, 0, TimeSpan.Zero), table.Next(first));
    }

    [Theory]
    // Nothing yet; this very moment; a little late; the last of several; the last one is too old; and is old enough to the second.
    [InlineData("0 * * * *", "00:59:59", null, null)]
    [InlineData("0 * * * *", "01:00:00", "01:00:00", null)]
    [InlineData("0 * * * *", "01:04:00", "01:00:00", null)]
    [InlineData("0 * * * *", "03:04:00", "03:00:00", "01:00:00")]
    [InlineData("0 * * * *", "03:06:00", null, "01:00:00")]
    [InlineData("0 * * * *", "01:05:00", "01:00:00", null)]
    [InlineData("* * * * * *", "23:00:00", "23:00:00", "00:00:01")]
    public void Tells_what_is_due(string schedule, string now, string? begin, string? missed)
    {
        var due = Of(schedule).Due(Midnight, At(now), TimeSpan.FromMinutes(5));
        Assert.Equal((begin is null ? null : At(begin), missed is null ? (DateTimeOffset?)null : At(missed)), (due.Begin, due.MissedSince));
    }

    [Fact]
    public void What_has_been_decided_is_not_due_again()
    {
        var table = Of("0 * * * *");
        Assert.Equal(new Due(null, null), table.Due(At("01:00:00"), At("01:30:00"), TimeSpan.FromHours(1)));
        Assert.Equal(new Due(null, null), table.Due(At("02:00:00"), At("01:00:00"), TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData("0 3 * *", "'0 3 * *' cannot be read: ")]
    [InlineData("0 25 * * *", "'0 25 * * *' cannot be read: ")]
    [InlineData("", "'' cannot be read: ")]
    [InlineData("0 0 30 2 *", "names no moment that ever comes")]
    public void Says_what_is_wrong_with_a_schedule(string schedule, string problem) =>
        Assert.StartsWith(problem, Timetable.Problem(schedule), StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_wrong_with_good_ones()
    {
        Assert.Null(Timetable.Problem("0 3 * * *"));
        Assert.Null(Timetable.Problem("*/10 * * * * *"));
        Assert.True(Timetable.IsTimeZone("Europe/Berlin"));
        Assert.False(Timetable.IsTimeZone("Europe/Atlantis"));
        Assert.Null(Timetable.Of(new JobSpec()));
    }
}
