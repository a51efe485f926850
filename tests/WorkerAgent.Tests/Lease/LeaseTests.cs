namespace Orchestrator.WorkerAgent.Tests.Lease;

public sealed class LeaseTests
{
    [Theory]
    [InlineData(5, 9.2, 0.267, 9.6)]
    [InlineData(60, 64.2, 0.267, 64.6)]
    [InlineData(1.5, 6, 0.167, 6.25)]
    public void Stopping_begins_early_enough_to_be_over_when_the_lease_is(double length, double stopAt, double grace, double killAt)
    {
        var lease = Lease(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(length));
        Assert.Equal(stopAt, lease.StopAt.TotalSeconds);
        Assert.Equal(grace, lease.StopGrace.TotalSeconds, 3);
        Assert.Equal(killAt, lease.KillAt.TotalSeconds, 3);
        Assert.InRange(lease.StopAt + lease.StopGrace, lease.StopAt, lease.KillAt);
        Assert.True(lease.Holds(lease.StopAt - TimeSpan.FromMilliseconds(1)));
        Assert.False(lease.Holds(lease.StopAt));
    }

    private static WorkerAgent.Lease.Lease Lease(TimeSpan sent, TimeSpan length) => new(sent, length, TimeSpan.FromSeconds(0.8));

    [Fact]
    public void An_answer_that_was_overtaken_does_not_shorten_the_lease()
    {
        var newer = Lease(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(5));
        var older = Lease(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(5));
        Assert.Same(newer, newer.Or(older));
        Assert.Same(newer, older.Or(newer));
    }
}
