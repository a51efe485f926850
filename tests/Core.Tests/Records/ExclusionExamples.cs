using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Core.Tests.Records;

/// <summary>For how long a worker is not chosen for a service, and for how long it is remembered that it was not.</summary>
public sealed class ExclusionExamples
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Exclusion Failed = new("a", Now, "no space left on device", IsFailure: true);

    [Fact]
    public void What_failed_is_forgotten_as_soon_as_it_may_be_tried_again()
    {
        Assert.True(Failed.IsKept(Now.AddSeconds(-1)));
        Assert.False(Failed.IsKept(Now.AddSeconds(1)));
    }

    [Fact]
    public void A_refusal_is_remembered_for_five_minutes_more_so_that_the_next_one_is_one_more_in_a_row()
    {
        var refused = Exclusion.Refused("a", "privileged is not allowed", Now, times: 1);
        Assert.Equal(Now.AddSeconds(10), refused.Until);
        Assert.True(refused.IsKept(refused.Until.AddMinutes(4)));
        Assert.False(refused.IsKept(refused.Until.AddMinutes(6)));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(6, 300)]
    [InlineData(1000, 300)]
    public void Each_refusal_in_a_row_lasts_twice_as_long_up_to_five_minutes(int times, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Exclusion.Refused("a", "privileged is not allowed", Now, times).Until);

    [Fact]
    public void What_may_be_another_thing_for_another_revision_ends_with_it()
    {
        Assert.True(Failed.EndsWithRevision);
        Assert.True(Exclusion.Refused("a", "privileged is not allowed", Now, times: 1).EndsWithRevision);
        Assert.False(new Exclusion("a", Now, "suspect").EndsWithRevision);
    }
}
