using System.Diagnostics.Metrics;
using Orchestrator.Contracts.Instances;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.WorkerAgent.Telemetry;

/// <summary>What a worker counts and measures. Names, units and tags are stable: dashboards and alarms rely on them.</summary>
internal sealed class WorkerMetrics
{
    private readonly Meter meter;
    private readonly Counter<long> starts;
    private readonly Histogram<double> startDuration;
    private readonly Counter<long> ends;
    private readonly Counter<long> probes;
    private readonly Counter<long> renewals;
    private readonly Counter<long> reports;

    public WorkerMetrics(IMeterFactory meters)
    {
        meter = meters.CreateMeter();
        starts = meter.CreateCounter<long>("orchestrator.container.starts", "{container}", "Starts of containers, by outcome");
        startDuration = meter.CreateHistogram(
            "orchestrator.container.start.duration", "s", "How long starts took, without the pull", null, StartBuckets);
        ends = meter.CreateCounter<long>("orchestrator.container.ends", "{container}", "Containers that ended, by cause");
        probes = meter.CreateCounter<long>("orchestrator.probe.results", "{result}", "What health probes found, by health");
        renewals = meter.CreateCounter<long>("orchestrator.lease.renewals", "{renewal}", "Lease renewals, by outcome");
        reports = meter.CreateCounter<long>("orchestrator.reports", "{report}", "Reports to ServiceMasters, by outcome");
    }

    /// <summary>A start takes a few tenths of a second; behind a queue or on a sick engine minutes.</summary>
    private static InstrumentAdvice<double> StartBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] };

    /// <param name="took">Without the pull.</param>
    public void ContainerStarted(TimeSpan took)
    {
        starts.Add(1, Outcome("started"));
        startDuration.Record(took.TotalSeconds);
    }

    public void ContainerNotStarted() => starts.Add(1, Outcome("failed"));

    /// <param name="exitCode">0 to 255; none when it never ran.</param>
    public void ContainerEnded(EndCause? cause, int? exitCode) => ends.Add(1, Tag("cause", cause switch
    {
        EndCause.Order => "stopped",
        EndCause.OutOfMemory => "out-of-memory",
        EndCause.Probe => "unhealthy",
        EndCause.Worker => "worker",
        EndCause.Image => "image",
        EndCause.Engine => "engine",
        EndCause.Machine => "machine",
        EndCause.Person => "person",
        EndCause.Lease => "lease",
        EndCause.HandedBack => "handed-back",
        _ => exitCode == 0 ? "completed" : "failed",
    }));

    public void Probed(InstanceHealth health) => probes.Add(1, Tag("health", health switch
    {
        InstanceHealth.Healthy => "healthy",
        InstanceHealth.Unhealthy => "unhealthy",
        InstanceHealth.Starting => "starting",
        _ => "none",
    }));

    public void LeaseRenewed() => renewals.Add(1, Outcome("answered"));

    public void LeaseNotRenewed() => renewals.Add(1, Outcome("unanswered"));

    public void Reported() => reports.Add(1, Outcome("answered"));

    public void NotReported() => reports.Add(1, Outcome("unanswered"));

    /// <summary>How old the lease is, asked for whenever somebody reads the figures.</summary>
    /// <param name="age">Since the last renewal that was answered; none before the first.</param>
    public void ObserveLeaseAge(Func<TimeSpan?> age) => meter.CreateObservableGauge(
        "orchestrator.lease.age", IEnumerable<Measurement<double>> () => age() is { } it ? [new(it.TotalSeconds)] : [],
        "s", "Time since the last lease renewal that was answered");

    private static KeyValuePair<string, object?> Outcome(string outcome) => Tag("outcome", outcome);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
