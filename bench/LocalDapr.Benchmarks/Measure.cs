using System.Diagnostics;

namespace LocalDapr.Benchmarks;

/// <summary>Small measurements that bear a noisy machine: medians of many, taken in turns.</summary>
internal static class Measure
{
    private const int Turns = 4000, WarmUp = 1500;

    /// <summary>
    /// Calls one after the other, thousands of times; answers the median microseconds of each and their quotient. They alternate
    /// call by call, so that whatever else the machine does meanwhile (or how deep its cores sleep) meets both alike.
    /// </summary>
    public static async Task<(double First, double Second, double Ratio)> InTurns(Func<Task> first, Func<Task> second)
    {
        var (firsts, seconds) = (new List<double>(Turns), new List<double>(Turns));
        for (var turn = -WarmUp; turn < Turns; turn++)
        {
            var (one, other) = (await Microseconds(first), await Microseconds(second));
            if (turn < 0) continue;
            firsts.Add(one);
            seconds.Add(other);
        }

        return (Median(firsts), Median(seconds), Median(seconds) / Median(firsts));
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

    public static async Task<double> Microseconds(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
    }
}
