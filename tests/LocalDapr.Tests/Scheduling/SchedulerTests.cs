using LocalDapr.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace LocalDapr.Tests.Scheduling;

public sealed class SchedulerTests : IDisposable
{
    private readonly FakeTimeProvider clock = new();
    private readonly Scheduler scheduler;
    private readonly List<string> ran = [];

    public SchedulerTests() => scheduler = new(clock);

    public void Dispose() => scheduler.Dispose();

    [Fact]
    public void What_is_due_runs_in_order_and_nothing_before_its_time()
    {
        In(3, "c");
        In(1, "a");
        In(2, "b");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["a", "b"], ran);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], ran);
    }

    [Fact]
    public void What_is_forgotten_does_not_run()
    {
        In(1, "a").Dispose();
        In(1, "b");
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["b"], ran);
    }

    [Fact]
    public void What_runs_may_plan_the_next()
    {
        void Again()
        {
            ran.Add("tick");
            scheduler.At(clock.GetUtcNow().AddSeconds(1), Again);
        }

        scheduler.At(clock.GetUtcNow(), Again);
        for (int i = 0; i < 3; i++) clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(4, ran.Count);
    }

    [Fact]
    public void A_wait_longer_than_a_timer_can_count_is_taken_in_parts()
    {
        scheduler.At(clock.GetUtcNow().AddDays(100), () => ran.Add("late"));
        for (int day = 0; day < 100; day++) clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["late"], ran);
    }

    [Fact]
    public void A_timer_that_rings_too_early_is_set_again_until_the_time_has_come()
    {
        var early = new EarlyClock();
        using var late = new Scheduler(early);
        var due = early.GetUtcNow().AddSeconds(1);
        DateTimeOffset? at = null;
        late.At(due, () => at = early.GetUtcNow());
        while (at is null && early.IsArmed) early.Next();
        Assert.InRange(at ?? default, due, due.AddMilliseconds(1));
        Assert.True(early.Rings > 2, "the clock of this test rings too early");
    }

    private IDisposable In(int seconds, string name) => scheduler.At(clock.GetUtcNow().AddSeconds(seconds), () => ran.Add(name));
}
