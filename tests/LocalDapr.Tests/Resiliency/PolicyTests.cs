using LocalDapr.Resiliency;
using Microsoft.Extensions.Time.Testing;

namespace LocalDapr.Tests.Resiliency;

public sealed class PolicyTests
{
    private readonly FakeTimeProvider clock = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private int calls;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_call_is_repeated_as_often_as_allowed()
    {
        var policy = new Policy(clock) { Retry = new(2, TimeSpan.Zero) };
        Assert.Equal("failed", await policy.RunAsync(_ => Answer("failed"), (answer, _) => answer == "failed", Cancel));
        Assert.Equal(3, calls);
    }

    [Fact]
    public void Waits_grow_by_half_up_to_the_longest() => Assert.Equal(
        [500, 750, 1000, 1000],
        Enumerable.Range(1, 4).Select(
            attempt => new RetryPolicy(-1, TimeSpan.FromMilliseconds(500), true, TimeSpan.FromSeconds(1)).Wait(attempt).TotalMilliseconds));

    [Fact]
    public async Task A_breaker_opens_after_failures_in_a_row_and_closes_after_a_good_trial()
    {
        var policy = new Policy(clock) { Breaker = new(2, TimeSpan.FromSeconds(10), 1, clock) };
        await Fail(policy);
        await Fail(policy);
        await Assert.ThrowsAsync<CircuitOpenException>(() => Fail(policy));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("fine", await policy.RunAsync(_ => Answer("fine"), (answer, _) => answer == "failed", Cancel));
        await Fail(policy);
        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_ended()
    {
        var policy = new Policy(clock) { Timeout = TimeSpan.FromSeconds(1) };
        var call = policy.RunAsync<string>(async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, token);
            return "never";
        }, (_, _) => false, Cancel);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<TimeoutException>(() => call);
    }

    private Task<string> Fail(Policy policy) => policy.RunAsync(_ => Answer("failed"), (answer, _) => answer == "failed", Cancel);

    private Task<string> Answer(string answer)
    {
        calls++;
        return Task.FromResult(answer);
    }
}
