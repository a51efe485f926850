using Orchestrator.ServiceDefaults.Resilience;

namespace Orchestrator.ServiceDefaults.Tests.Resilience;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(First: TimeSpan.FromMilliseconds(100), Longest: TimeSpan.FromSeconds(1));

    [Fact]
    public void Pauses_double_up_to_the_longest() =>
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(0, 6).Select(retry => Backoff.Pause(retry, 0.5).TotalMilliseconds));

    [Theory]
    [InlineData(0.0, 75)]
    [InlineData(0.5, 100)]
    [InlineData(1.0, 125)]
    public void The_dice_spread_a_pause_by_a_quarter_either_way(double dice, double milliseconds) =>
        Assert.Equal(milliseconds, Backoff.Pause(0, dice).TotalMilliseconds);

    [Fact]
    public void However_many_retries_there_were_the_pause_stays_the_longest() =>
        Assert.Equal(TimeSpan.FromSeconds(1), Backoff.Pause(int.MaxValue, 0.5));
}
