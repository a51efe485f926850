using System.Diagnostics.Metrics;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Telemetry;

namespace Orchestrator.ControlPlane.Telemetry;

/// <summary>What a master counts and measures. Names, units and tags are stable: dashboards and alarms rely on them.</summary>
internal sealed class ControlPlaneMetrics
{
    private readonly Meter meter;
    private readonly Counter<long> turns;
    private readonly Histogram<double> turnDuration;
    private readonly Counter<long> retries;
    private readonly Counter<long> placements;
    private readonly Counter<long> orders;
    private readonly Counter<long> saves;
    private readonly Counter<long> conflicts;
    private readonly Counter<long> backups;

    public ControlPlaneMetrics(IMeterFactory meters)
    {
        meter = meters.CreateMeter();
        turns = meter.CreateCounter<long>("orchestrator.turns", "{turn}", "Turns of actors, by type of actor");
        turnDuration = meter.CreateHistogram("orchestrator.turn.duration", "s", "How long turns took, by type of actor", null, TurnBuckets);
        retries = meter.CreateCounter<long>("orchestrator.actor_call.retries", "{retry}", "Calls to actors tried again, by type of actor");
        placements = meter.CreateCounter<long>("orchestrator.placements", "{instance}", "Instances for which a worker was chosen");
        orders = meter.CreateCounter<long>("orchestrator.orders", "{order}", "Orders sent to workers, by kind and outcome");
        saves = meter.CreateCounter<long>("orchestrator.records.saves", "{save}", "Records written to the state store");
        conflicts = meter.CreateCounter<long>("orchestrator.records.conflicts", "{conflict}", "Saves that lost against another writer");
        backups = meter.CreateCounter<long>("orchestrator.backups", "{backup}", "Backups to the folder, by outcome");
    }

    /// <summary>From 1 ms: a turn is meant to take milliseconds, and its callers wait for it no longer than seconds.</summary>
    private static InstrumentAdvice<double> TurnBuckets { get; } =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] };

    /// <param name="actor">The type of the actor, as Dapr knows it.</param>
    public void TurnTook(string actor, TimeSpan duration)
    {
        turns.Add(1, new KeyValuePair<string, object?>("actor", actor));
        turnDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("actor", actor));
    }

    /// <inheritdoc cref="TurnTook"/>
    public void CallRepeated(string actor) => retries.Add(1, new KeyValuePair<string, object?>("actor", actor));

    /// <param name="instances">How many got a worker in one turn.</param>
    public void Placed(int instances) => placements.Add(instances);

    /// <param name="kind">What the worker was asked to do: run, stop or forget.</param>
    public void OrderAccepted(string kind) => Ordered(kind, "accepted");

    /// <inheritdoc cref="OrderAccepted"/>
    public void OrderRefused(string kind) => Ordered(kind, "refused");

    /// <inheritdoc cref="OrderAccepted"/>
    public void OrderUnanswered(string kind) => Ordered(kind, "unanswered");

    public void RecordSaved() => saves.Add(1);

    public void RecordConflicted() => conflicts.Add(1);

    /// <param name="written">Whether it is in the folder.</param>
    public void BackedUp(bool written) => backups.Add(1, new KeyValuePair<string, object?>("outcome", written ? "written" : "failed"));

    /// <summary>How many workers there are, asked for whenever somebody reads the figures.</summary>
    /// <param name="look">The workers as this master knows them; it must answer at once.</param>
    public void ObserveWorkers(Func<IEnumerable<Worker>> look) =>
        meter.CreateObservableGauge("orchestrator.workers", () => Count(look()), "{worker}", "Workers, by status");

    private static IEnumerable<Measurement<int>> Count(IEnumerable<Worker> workers)
    {
        var counts = workers.CountBy(worker => worker.Health).ToDictionary();
        return Enum.GetValues<WorkerHealth>().Select(health => new Measurement<int>(
            counts.GetValueOrDefault(health), new KeyValuePair<string, object?>("status", health.ToString().ToLowerInvariant())));
    }

    private void Ordered(string kind, string outcome) =>
        orders.Add(1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));
}
