using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Maintenance;

namespace Orchestrator.Core.Tests.Maintenance;

public sealed class MaintenanceExamples
{
    private static readonly TimeSpan HalfAnHour = TimeSpan.FromMinutes(30);
    private readonly Dictionary<string, WorkerSight> workers = new(StringComparer.Ordinal);
    private MaintenanceRecord record = new();
    private DateTimeOffset now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public MaintenanceExamples()
    {
        foreach (var name in new[] { "a", "b", "c" })
            workers[name] = new(name, IsThere: true, Incarnation: 1, Draining: false, Holds: null);
    }

    private string Words => string.Join(", ", record.Workers.Select(it => $"{it.Told.Worker} {it.Told.State}"))
        + (record.Round is not { } round ? "" : $"; {round.State}: waiting {string.Join(' ', round.Waiting)}, "
            + $"done {string.Join(' ', round.Done)}");

    [Fact]
    public void A_worker_is_ready_once_it_is_empty_and_stays_so_until_somebody_ends_it()
    {
        TakeOut("a");
        Pass();
        Pass();
        Assert.Equal("a Draining", Words);
        Assert.Equal(["web-1-r1-a1"], record.Find("a")!.Told.Holds);
        Empty("a");
        Pass();
        Assert.Equal("a Ready", Words);
        Assert.False(record.GoesOn());
        Back("a");
        Pass();
        Assert.Equal("a Ready", Words);
        record = MaintenanceCourse.End(record, record.Find("a")!, rebalances: false, now);
        Pass();
        Assert.Equal("a Ending", Words);
        Pass();
        Assert.Equal("", Words);
    }

    [Fact]
    public void What_is_not_empty_in_time_fails_with_what_holds_it_and_stays_drained()
    {
        TakeOut("a");
        Pass();
        now += HalfAnHour;
        Pass();
        Assert.Equal("it is not empty within 30m: web-1-r1-a1", record.Find("a")!.Told.Note);
        Assert.Equal("a Failed", Words);
        Assert.True(workers["a"].Draining);
        Assert.False(record.GoesOn());
    }

    [Fact]
    public void A_round_waits_for_each_to_come_back_before_it_takes_the_next()
    {
        Round(1, "a", "b");
        Pass();
        Assert.Equal("a Draining; Running: waiting b, done ", Words);
        Empty("a");
        Pass();
        Pass();
        Assert.Equal("a Ready; Running: waiting b, done ", Words);
        workers["a"] = workers["a"] with { IsThere = false };
        Pass();
        Assert.Equal("a Ready; Running: waiting b, done ", Words);
        Back("a");
        Pass();
        Pass();
        Pass();
        Assert.Equal("b Draining; Running: waiting , done a", Words);
        Assert.False(workers["a"].Draining);
        Empty("b");
        Pass();
        Back("b");
        Pass();
        Pass();
        Pass();
        Assert.Equal("; Done: waiting , done a b", Words);
        Assert.False(record.GoesOn());
    }

    [Fact]
    public void A_round_stops_at_the_first_that_fails()
    {
        Round(1, "a", "b");
        Pass();
        Empty("a");
        Pass();
        now += HalfAnHour;
        Pass();
        Pass();
        Assert.Equal("a Failed; Failed: waiting b, done ", Words);
        Assert.Equal("a: it has not come back within 30m", record.Round!.Note);
        Assert.False(workers["b"].Draining);
    }

    [Fact]
    public void Several_may_be_away_at_a_time()
    {
        Round(2, "a", "b", "c");
        Pass();
        Assert.Equal("a Draining, b Draining; Running: waiting c, done ", Words);
    }

    private void TakeOut(string worker) => record = MaintenanceCourse.TakeOut(record, worker, "ann", "disks", HalfAnHour, now);

    private void Round(int atATime, params string[] names) => record = record with
    {
        Round = new()
        {
            State = MaintenanceRoundState.Running, Who = "ann", At = now, AtATime = atATime, Deadline = HalfAnHour, Waiting = [.. names],
        },
    };

    private void Empty(string worker) => workers[worker] = workers[worker] with { Holds = [] };

    private void Back(string worker) =>
        workers[worker] = workers[worker] with { IsThere = true, Incarnation = workers[worker].Incarnation + 1, Holds = ["web-1-r1-a1"] };

    /// <summary>One look, and what the registry does then.</summary>
    private void Pass()
    {
        now += TimeSpan.FromSeconds(2);
        record = MaintenanceCourse.Next(record, workers, now);
        foreach (var it in record.Workers)
        {
            var worker = workers[it.Told.Worker];
            workers[worker.Worker] = worker with
            {
                Draining = it.Told.State != MaintenanceState.Ending, Holds = worker.Holds ?? ["web-1-r1-a1"],
            };
        }
    }
}
