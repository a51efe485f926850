using LocalDapr.Actors;

namespace LocalDapr.Tests.Actors;

public sealed class ReminderScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0h0m1s0ms", "", "", "1")]
    [InlineData("0h0m1s0ms", "0h0m2s0ms", "", "1 3 5 7 9 …")]
    [InlineData("", "R3/PT2S", "", "0 2 4")]
    [InlineData("", "R1/PT2S", "", "0")]
    [InlineData("1s", "@every 2s", "5s", "1 3 5")]
    [InlineData("10s", "1s", "2s", "10 11")]
    [InlineData("2026-01-01T12:00:03Z", "PT1M", "", "3 63 123 183 243 …")]
    [InlineData("2020-01-01T00:00:00Z", "", "", "0")]
    [InlineData("1s", "0s", "", "1")]
    public void It_is_due_at(string dueTime, string period, string ttl, string seconds) =>
        Assert.Equal(seconds, Ticks(dueTime, period, ttl));

    [Theory]
    [InlineData("soon", "", "", "dueTime 'soon' is neither a duration nor a time")]
    [InlineData("", "P1D", "", "period 'P1D' is not supported: a duration below a day in ISO 8601, or a Go duration, is")]
    [InlineData("", "R3/P1M", "", "period 'R3/P1M' is not supported: a duration below a day in ISO 8601, or a Go duration, is")]
    [InlineData("", "", "1m", "a ttl needs a period")]
    [InlineData("", "1s", "2020-01-01T00:00:00Z", "ttl '2020-01-01T00:00:00Z' ends before the reminder is due")]
    [InlineData("", "R0/PT1S", "", "zero repetitions")]
    public void It_is_refused_because(string dueTime, string period, string ttl, string why) =>
        Assert.Equal(why, ReminderSchedule.Start(new(dueTime, period, ttl, null), Noon, isTimer: false).Refusal);

    [Fact]
    public void Timers_may_repeat_by_days() =>
        Assert.NotNull(ReminderSchedule.Start(new("", "P1D", "", null), Noon, isTimer: true).Schedule);

    [Fact]
    public void Missed_ticks_are_all_kept_in_place()
    {
        var (schedule, _) = ReminderSchedule.Start(new("", "1s", "", null), Noon, isTimer: false);
        Assert.Equal(Noon.AddSeconds(2), schedule!.Advance()!.Advance()!.Next);
    }

    private static string Ticks(string dueTime, string period, string ttl)
    {
        var (schedule, refusal) = ReminderSchedule.Start(new(dueTime, period, ttl, null), Noon, isTimer: false);
        Assert.Null(refusal);
        var ticks = new List<string>();
        for (var now = schedule; now is not null; now = now.Advance())
        {
            if (ticks.Count == 5) return string.Join(' ', [.. ticks, "…"]);
            ticks.Add($"{(now.Next - Noon).TotalSeconds:0}");
        }

        return string.Join(' ', ticks);
    }
}
