using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Core.Benchmarks;

/// <summary>Measures and prints figures.</summary>
internal static class Figures
{
    private const int Runs = 7;

    public static void Print(string name, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} = {value:0.####} {unit}"));

    /// <summary>The median time of one run, of seven, after one to warm up; what <paramref name="prepare"/> does is not counted.</summary>
    public static TimeSpan Median<T>(Func<T> prepare, Action<T> run)
    {
        run(prepare());
        var times = new TimeSpan[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var prepared = prepare();
            GC.Collect();
            var start = Stopwatch.GetTimestamp();
            run(prepared);
            times[i] = Stopwatch.GetElapsedTime(start);
        }

        Array.Sort(times);
        return times[Runs / 2];
    }
}
