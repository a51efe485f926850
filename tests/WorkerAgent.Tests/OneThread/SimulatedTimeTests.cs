using Orchestrator.Testing;

namespace Orchestrator.WorkerAgent.Tests.OneThread;

/// <summary>The simulated time keeps its own promises; otherwise what runs in it proves nothing.</summary>
public sealed class SimulatedTimeTests
{
    private readonly List<string> seen = [];

    [Fact]
    public void What_is_due_at_the_same_time_comes_in_the_order_of_its_making()
    {
        var time = new SimulatedTime(seed: 1, uneven: false);
        var process = time.Start("a");
        process.Do(async () =>
        {
            var later = Enumerable.Range(1, 3).Select(async i =>
            {
                await Task.Delay(TimeSpan.FromSeconds(1), process.Clock);
                Say($"{time.Now.TotalSeconds} s: {i}");
            });
            _ = Task.WhenAll(later);
            await Task.Yield();
            Say("yielded");
        });
        process.Do(() => Say("second"));
        process.After(TimeSpan.FromSeconds(1), () => Say("1 s: after"));
        Assert.False(time.Run(TimeSpan.FromSeconds(2)));
        Assert.Equal(["second", "yielded", "1 s: after", "1 s: 1", "1 s: 2", "1 s: 3"], seen);
        Assert.Equal(TimeSpan.FromSeconds(2), time.Now);
    }

    [Fact]
    public void A_killed_process_does_nothing_any_more_and_others_go_on()
    {
        var time = new SimulatedTime(seed: 1);
        var (first, second) = (time.Start("first"), time.Start("second"));
        foreach (var process in new[] { first, second })
        {
            process.Do(async () =>
            {
                try
                {
                    while (true)
                    {
                        await Task.Delay(TimeSpan.FromSeconds(1), process.Clock);
                        Say(process.Name);
                    }
                }
                finally
                {
                    Say("cleaned up");
                }
            });
        }

        time.Run(TimeSpan.FromSeconds(1.5));
        first.Kill();
        time.Run(TimeSpan.FromSeconds(3.5));
        Assert.Equal(["first", "second"], seen[..2].Order());
        Assert.Equal(["second", "second"], seen[2..]);
    }

    [Fact]
    public void Some_timers_are_early_by_the_monotonic_clock_and_some_late()
    {
        var time = new SimulatedTime(seed: 1);
        var process = time.Start("a");
        List<double> off = [];
        process.Do(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var began = process.Clock.GetTimestamp();
                await Task.Delay(TimeSpan.FromMilliseconds(100), process.Clock);
                off.Add(process.Clock.GetElapsedTime(began).TotalMilliseconds - 100);
            }
        });
        time.Run(TimeSpan.FromMinutes(5));
        Assert.All(off, ms => Assert.InRange(ms, -5, 10));
        Assert.InRange(off.Count(ms => ms < 0), 200, 300);
        Assert.InRange(off.Count(ms => ms > 0), 200, 300);
    }

    [Fact]
    public void A_timer_that_is_always_set_again_fires_once_after_the_last_time()
    {
        var time = new SimulatedTime(seed: 1, uneven: false);
        var process = time.Start("a");
        var timer = process.Clock.CreateTimer(_ => Say($"{time.Now}"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        for (var second = 1; second <= 10; second++)
            process.After(TimeSpan.FromSeconds(second), () => timer.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan));
        process.After(TimeSpan.FromSeconds(20), () => timer.Change(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));
        process.After(TimeSpan.FromSeconds(24.5), timer.Dispose);
        time.Run(TimeSpan.FromMinutes(1));
        Assert.Equal(["00:00:13", "00:00:23", "00:00:24"], seen);
    }

    [Fact]
    public void What_strays_to_another_thread_is_found()
    {
        var time = new SimulatedTime(seed: 1);
        var process = time.Start("a");
        process.Do(() => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
        var e = Assert.Throws<InvalidOperationException>(() => SpinWait.SpinUntil(() => time.Run(time.Now), Fakes.TestAgent.Soon));
        Assert.Contains("a has strayed to another thread", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_wrong_in_a_process_comes_out()
    {
        var time = new SimulatedTime(seed: 1);
        time.Start("a").Do(async () =>
        {
            await Task.Yield();
            throw new InvalidDataException("broken");
        });
        Assert.Equal("broken", Assert.Throws<InvalidDataException>(() => time.Run(TimeSpan.FromSeconds(1))).Message);
    }

    private void Say(string what) => seen.Add(what);
}
