using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Reconciliation;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.Core.Tests.Reconciliation;

public sealed class ObservationExamples
{
    private static ServiceReport Report(string worker, long sequence, bool complete, params InstanceReport[] instances) =>
        new() { Worker = worker, Service = "web", Sequence = sequence, Complete = complete, Instances = new(instances) };

    private static InstanceReport Is(string instance, Phase phase) => new() { Instance = instance, Phase = phase };

    private static IEnumerable<string> Seen(Observations observed) =>
        observed.All.Select(o => $"{o.Report.Instance} {(o.Gone ? "gone" : o.Report.Phase.ToString())} on {o.Worker}")
            .Order(StringComparer.Ordinal);

    [Fact]
    public void The_same_report_twice_changes_nothing()
    {
        var report = Report("a", 5, true, Is("web-1-r1-a1", Phase.Running));
        var once = Observations.None.With(report);
        Assert.Same(once, once.With(report));
    }

    [Fact]
    public void An_old_report_never_moves_a_phase_back()
    {
        var observed = Observations.None.With(Report("a", 5, false, Is("web-1-r1-a1", Phase.Running)));
        Assert.Same(observed, observed.With(Report("a", 4, false, Is("web-1-r1-a1", Phase.Starting))));
    }

    [Fact]
    public void A_report_that_was_overtaken_still_tells_of_other_instances()
    {
        var observed = Observations.None.With(Report("a", 6, false, Is("web-2-r1-a1", Phase.Running)))
            .With(Report("a", 5, false, Is("web-1-r1-a1", Phase.Exited)));
        Assert.Equal(["web-1-r1-a1 Exited on a", "web-2-r1-a1 Running on a"], Seen(observed));
    }

    [Fact]
    public void What_a_complete_report_does_not_name_is_gone_unless_something_newer_named_it()
    {
        var observed = Observations.None
            .With(Report("a", 1, false, Is("web-1-r1-a1", Phase.Running)))
            .With(Report("b", 9, false, Is("web-2-r1-a1", Phase.Running)))
            .With(Report("a", 7, false, Is("web-3-r1-a1", Phase.Running)))
            .With(Report("a", 5, true));
        Assert.Equal(["web-1-r1-a1 gone on a", "web-2-r1-a1 Running on b", "web-3-r1-a1 Running on a"], Seen(observed));
        Assert.True(observed.HasHeard("a"));
        Assert.False(observed.HasHeard("b"));
    }

    [Fact]
    public void An_older_report_cannot_bring_back_what_is_gone_and_an_older_complete_one_is_nothing()
    {
        var observed = Observations.None.With(Report("a", 5, true));
        Assert.Same(observed, observed.With(Report("a", 4, false, Is("web-1-r1-a1", Phase.Running))));
        Assert.Same(observed, observed.With(Report("a", 4, true, Is("web-1-r1-a1", Phase.Running))));
        var gone = observed.With(Report("a", 6, false, Is("web-1-r1-a1", Phase.Running)))
            .With(Report("a", 7, false) with { Gone = ["web-1-r1-a1"] });
        Assert.Same(gone, gone.With(Report("a", 6, false, Is("web-1-r1-a1", Phase.Running))));
    }

    [Fact]
    public void A_number_is_used_once_so_an_equal_one_is_no_news()
    {
        var observed = Observations.None.With(Report("a", 5, true, Is("web-1-r1-a1", Phase.Running)));
        Assert.Same(observed, observed.With(Report("a", 5, false, Is("web-1-r1-a1", Phase.Exited))));
        Assert.Same(observed, observed.With(Report("a", 5, false, Is("web-2-r1-a1", Phase.Running))));
        Assert.Same(observed, observed.With(Report("a", 5, false) with { Gone = ["web-1-r1-a1"] }));
    }

    [Fact]
    public void What_is_gone_keeps_what_was_told_of_its_end()
    {
        var observed = Observations.None.With(
            Report("a", 1, false, Is("web-1-r1-a1", Phase.Exited) with { ExitCode = 7, Message = "told" },
            Is("web-2-r1-a1", Phase.Running)))
            .With(Report("a", 2, false) with { Gone = ["web-1-r1-a1", "web-2-r1-a1", "web-3-r1-a1"] });
        Assert.Equal(
            ["web-1-r1-a1 Exited 7 told", "web-2-r1-a1 Exited  its container was removed",
                "web-3-r1-a1 Exited  nothing is left of its container"],
            observed.All.Select(o => $"{o.Report.Instance} {o.Report.Phase} {o.Report.ExitCode} {o.Report.Message}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void That_nothing_is_left_counts_only_from_the_worker_that_has_it_and_only_when_newer()
    {
        var observed = Observations.None.With(Report("a", 5, false, Is("web-1-r1-a1", Phase.Running)));
        Assert.Same(observed, observed.With(Report("b", 9, false) with { Gone = ["web-1-r1-a1"] }));
        Assert.Same(observed, observed.With(Report("a", 4, false) with { Gone = ["web-1-r1-a1"] }));
    }

    [Fact]
    public void What_is_gone_is_not_kept_without_bound()
    {
        var observed = Observations.None;
        for (var i = 1; i <= 5000; i++)
            observed = observed.With(Report("a", 2 * i, false, Is($"web-1-r1-a{i}", Phase.Running)))
                .With(Report("a", 2 * i + 1, false) with { Gone = [$"web-1-r1-a{i}"] });
        Assert.True(observed.Count <= 1001, $"{observed.Count} are kept");
    }

    [Fact]
    public void What_a_report_calls_gone_twice_is_counted_once()
    {
        var observed = Observations.None.With(Report("a", 1, false, Is("web-1-r1-a1", Phase.Running)))
            .With(Report("a", 2, true) with { Gone = ["web-1-r1-a1"] });
        Assert.Equal((1, 1), (observed.Gone, observed.Count));
        Assert.Equal(0, observed.With(Report("a", 3, false, Is("web-1-r1-a1", Phase.Running))).Gone);
    }

    [Theory]
    [InlineData(1000, 1000, 1)]
    [InlineData(1001, 500, 502)]
    public void Of_what_is_gone_the_newest_is_kept(int gone, int kept, int first)
    {
        var names = Enumerable.Range(1, gone).Select(i => $"web-{i:0000}-r1-a1").ToArray();
        var observed = Observations.None.With(Report("a", 1, false, [.. names.Select(n => Is(n, Phase.Running))]))
            .With(Report("a", 2, false) with { Gone = new(names) });
        Assert.Equal((kept, kept, names[first - 1]), (observed.Count, observed.Gone, observed.All.Min(o => o.Report.Instance)));
    }

    [Fact]
    public void Newer_is_what_was_told_later_whatever_its_name()
    {
        var observed = Observations.None;
        for (var i = 1; i <= 1001; i++) observed = observed.With(Report("a", i, false) with { Gone = [$"web-{2000 - i:0000}-r1-a1"] });
        Assert.Equal((500, "web-1498-r1-a1"), (observed.Count, observed.All.Max(o => o.Report.Instance)));
    }
}
