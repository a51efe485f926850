using System.Diagnostics;

namespace LocalDapr.Benchmarks;

/// <summary>Small measurements that bear a noisy machine: medians of many, and ratios of neighbours in time.</summary>
internal static class Measure
{
    private const int Rounds = 15, Calls = 150, WarmUp = 400;

    /// <summary>Runs both in turns; answers the median microseconds of each, and the median over the rounds of second ÷ first.</summary>
    public static async Task<(double First, double Second, double Ratio)> InTurns(Func<Task> first, Func<Task> second)
    {
        for (var i = 0; i < WarmUp; i++)
        {
            await first();
            await second();
        }

        var (firsts, seconds) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            firsts.Add(await MedianMicroseconds(first));
            seconds.Add(await MedianMicroseconds(second));
        }

        return (Median(firsts), Median(seconds), Median([.. firsts.Zip(seconds, (one, two) => two / one)]));
    }

    /// <summary>How many calls a second so many callers make together.</summary>
    public static async Task<double> PerSecond(int callers, Func<int, Task> call, TimeSpan duration)
    {
        await RunFor(TimeSpan.FromSeconds(1));
        var watch = Stopwatch.StartNew();
        var count = await RunFor(duration);
        return count / watch.Elapsed.TotalSeconds;

        async Task<long> RunFor(TimeSpan time)
        {
            var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
            var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                var done = 0L;
                for (; Stopwatch.GetTimestamp() < until; done++) await call(caller);
                return done;
            })));
            return counts.Sum();
        }
    }

    public static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> MedianMicroseconds(Func<Task> call)
    {
        var times = new double[Calls];
        for (var i = 0; i < Calls; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await call();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return Median(times);
    }
}
