using LocalDapr.Launch;

namespace Orchestrator.LocalDapr_Tests.Launch;

public sealed class RestartDelayTests
{
    [Fact]
    public void Each_death_doubles_the_delay_up_to_half_a_minute() =>
        Assert.Equal(
            [0.5, 1, 2, 4, 8, 16, 30, 30],
            Enumerable.Range(1, 8).Select(deaths => RestartDelay.After(deaths).TotalSeconds));

    [Fact]
    public void A_thousand_deaths_do_not_overflow() => Assert.Equal(RestartDelay.Longest, RestartDelay.After(1_000));
}
