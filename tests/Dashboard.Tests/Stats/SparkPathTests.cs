using Orchestrator.Dashboard.Stats;

namespace Orchestrator.Dashboard.Tests.Stats;

public sealed class SparkPathTests
{
    [Fact]
    public void The_newest_value_is_at_the_right_side_and_the_largest_at_the_top() =>
        Assert.Equal("M50 30L75 15.5L100 1", SparkPath.Line([0, 1, 2], width: 5));

    [Fact]
    public void Small_values_do_not_look_large() => Assert.Equal("M100 27.1", SparkPath.Line([1], width: 5, atLeast: 10));

    [Fact]
    public void Nothing_is_no_line() => Assert.Equal(("", ""), (SparkPath.Line([], 5), SparkPath.Area([], 5)));

    [Fact]
    public void What_is_always_zero_lies_at_the_bottom() => Assert.Equal("M75 30L100 30L100 30L75 30Z", SparkPath.Area([0, 0], 5));
}
