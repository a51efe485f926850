using Orchestrator.EndToEnd.Cluster;

namespace Orchestrator.EndToEnd;

/// <summary>What an operator's own tools get to see.</summary>
public sealed class TelemetryTests : IAsyncLifetime
{
    private Collector collector = null!;
    private RunningCluster cluster = null!;

    public async ValueTask InitializeAsync()
    {
        collector = await Collector.Start();
        cluster = await RunningCluster.Start(collector.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await collector.DisposeAsync();
    }

    [Fact]
    public async Task One_trace_leads_from_the_request_to_the_start_of_the_container_and_the_figures_tell_of_it()
    {
        await cluster.Create("seen", 2);

        string[] way = ["POST /services/{name}", "turn ServiceMaster Change", "order run", "start container"];
        await cluster.Eventually(
            () => Task.FromResult(collector.Traces),
            traces => traces.Any(trace => way.All(step => trace.Split(" | ").Any(span => span.StartsWith(step, StringComparison.Ordinal)))),
            $"one trace has {string.Join(", ", way)}");

        await Scraped(
            cluster.RunFile.Masters, "orchestrator_turns_total", "orchestrator_turn_duration_seconds_bucket",
                "orchestrator_placements_total",
            "orchestrator_orders_total", "orchestrator_records_saves_total", "orchestrator_workers");
        await Scraped(
            cluster.RunFile.Workers, "orchestrator_container_starts_total", "orchestrator_container_start_duration_seconds_bucket",
            "orchestrator_lease_age_seconds", "orchestrator_lease_renewals_total", "orchestrator_reports_total");
    }

    /// <summary>Each of the instruments has a figure on at least one of the processes: the service lives on one master only.</summary>
    private async Task Scraped(IEnumerable<AppEntry> apps, params string[] instruments)
    {
        List<string> pages = [];
        foreach (var app in apps) pages.Add(await cluster.Fetch(new Uri(app.AppUrl, "/metrics").ToString()));
        var missing = instruments.Where(instrument => !pages.Any(page => page.Split('\n').Any(line => IsFigure(line, instrument))));
        Assert.Equal("", string.Join(", ", missing));
    }

    private static bool IsFigure(string line, string instrument) =>
        line.StartsWith(instrument, StringComparison.Ordinal) && line.Length > instrument.Length && line[instrument.Length] is '{' or ' ';
}
