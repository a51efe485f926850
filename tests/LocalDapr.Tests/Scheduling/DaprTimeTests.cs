using LocalDapr.Scheduling;

namespace LocalDapr.Tests.Scheduling;

public sealed class DaprTimeTests
{
    [Theory]
    [InlineData("0h0m1s500ms", 1.5)]
    [InlineData("26h3m4s5ms", 93_784.005)]
    [InlineData("1h", 3_600)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250us", 0.00025)]
    [InlineData("-2s", -2)]
    [InlineData("0", 0)]
    [InlineData("PT1M30S", 90)]
    [InlineData("P1DT2H", 93_600)]
    [InlineData("P2W", 1_209_600)]
    public void A_duration_is_read(string text, double seconds)
    {
        Assert.True(DaprTime.TryDuration(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds, 6);
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("1"), InlineData("1 s"), InlineData("s"), InlineData("P"), InlineData("PT"),
        InlineData("P1M"), InlineData("R3/PT1S")]
    public void Other_texts_are_no_duration(string? text) => Assert.False(DaprTime.TryDuration(text, out _));

    [Theory]
    [InlineData(1, "1s"), InlineData(3_605, "1h0m5s"), InlineData(90, "1m30s"), InlineData(0.5, "500ms"), InlineData(1.5, "1.5s"),
        InlineData(86_400, "24h0m0s")]
    public void A_duration_is_written_as_go_writes_it(double seconds, string text) =>
        Assert.Equal(text, Period.Go(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_due_time_may_be_months_away()
    {
        var january = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        Assert.True(DaprTime.TryDue("P1M", january, out var due));
        Assert.Equal(new DateTimeOffset(2026, 2, 28, 0, 0, 0, TimeSpan.Zero), due);
    }
}
