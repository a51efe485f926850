using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Health;

namespace Orchestrator.WorkerAgent.Tests.Health;

public sealed class ProbeCourseTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly double[] Dice = [0, 0.5, 1];

    private static readonly HealthProbe Probe = new()
    {
        Tcp = new(), Interval = TimeSpan.FromSeconds(10), StartInterval = TimeSpan.FromSeconds(2), StartPeriod = TimeSpan.FromSeconds(30),
        Retries = 3,
    };

    /// <summary>Each result is one of + and -, with the second after the start at which it came.</summary>
    [Theory]
    [InlineData("", false, "Starting 0")]
    [InlineData("+1", false, "Healthy 0")]
    [InlineData("-1 -5 -9 -20", false, "Starting 0")]
    [InlineData("-29 -31 -41", false, "Starting 2")]
    [InlineData("-29 -31 -41 -51", false, "Unhealthy 3")]
    [InlineData("-29 +31 -41 -51", false, "Healthy 2")]
    [InlineData("+1 -3 -4 -5", false, "Unhealthy 3")]
    [InlineData("+1 -3 -4 +5 -6 -7", false, "Healthy 2")]
    [InlineData("+1 -3 -4 -5 -6 +7", false, "Healthy 0")]
    [InlineData("-100", true, "Unhealthy 3")]
    [InlineData("-2", true, "Unhealthy 3")]
    [InlineData("+100 -101 -102", true, "Healthy 2")]
    public void So_many_failures_in_a_row_make_it_unhealthy_and_one_success_makes_it_well(
        string results, bool takenForWell, string expected)
    {
        var course = results.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(ProbeCourse.Begin(Probe, Start, takenForWell),
            (course, it) => course.After(new(ProbeKind.Health, Start.AddSeconds(int.Parse(it[1..], CultureInfo.InvariantCulture)),
                it[0] == '+', TimeSpan.Zero, it)));
        Assert.Equal(expected, $"{course.Health} {course.Failures}");
        Assert.Equal(results.Split(' ', StringSplitOptions.RemoveEmptyEntries).TakeLast(3), course.Results.Select(r => r.Output));
    }

    [Fact]
    public void It_is_asked_soon_after_the_start_often_until_it_is_well_and_never_quite_regularly()
    {
        var course = ProbeCourse.Begin(Probe, Start, takenForWell: false);
        Assert.Equal([0, 1, 2], Dice.Select(dice => course.FirstPause(dice).TotalSeconds));
        Assert.Equal([1.8, 2, 2.2], Dice.Select(dice => Pause(course, 29, dice)));
        Assert.Equal([9, 10, 11], Dice.Select(dice => Pause(course, 30, dice)));
        var well = course.After(new(ProbeKind.Health, Start.AddSeconds(1), true, TimeSpan.Zero, ""));
        Assert.Equal(10, Pause(well, 2, 0.5));
    }

    [Theory]
    [InlineData(10, 0.24, 10.25)]
    [InlineData(10, 0.25, 10.25)]
    [InlineData(10, 0.26, 10.5)]
    [InlineData(1, 0.01, 1.05)]
    [InlineData(1, 0.06, 1.1)]
    public void Those_that_are_due_within_a_quarter_of_a_second_or_a_twentieth_of_their_pause_are_asked_together(
        int interval, double askedAt, double nextAt)
    {
        var course = ProbeCourse.Begin(Probe with { Interval = TimeSpan.FromSeconds(interval), StartPeriod = TimeSpan.Zero }, Start, false);
        Assert.Equal(nextAt, (course.NextAt(Start.AddSeconds(askedAt), 0.5) - Start).TotalSeconds);
    }

    private static double Pause(ProbeCourse course, int second, double dice) =>
        (course.NextAt(Start.AddSeconds(second), dice) - Start.AddSeconds(second)).TotalSeconds;
}
