using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Maintenance;

/// <summary>What is stored of maintenance, by compare-and-set: who is taken out, and who is next.</summary>
internal sealed record MaintenanceRecord
{
    /// <summary>By name.</summary>
    public ValueList<OutOfService> Workers { get; init; } = [];

    public MaintenanceRound? Round { get; init; }

    /// <summary>Something is to be done, or awaited.</summary>
    public bool GoesOn() => Round is { State: MaintenanceRoundState.Running }
        || Workers.Any(it => it.Told is { State: MaintenanceState.Draining or MaintenanceState.Ending }
            or { State: MaintenanceState.Ready, IsOfRound: true });

    public OutOfService? Find(string worker) => Workers.FirstOrDefault(it => it.Told.Worker == worker);

    public MaintenanceRecord With(OutOfService it) => this with
    {
        Workers = Workers.Where(other => other.Told.Worker != it.Told.Worker).Append(it)
            .OrderBy(other => other.Told.Worker, StringComparer.Ordinal).ToValueList(),
    };

    public MaintenanceRecord Without(string worker) =>
        this with { Workers = Workers.Where(it => it.Told.Worker != worker).ToValueList() };
}

/// <param name="Told">What is told of it.</param>
/// <param name="Incarnation">The process of the worker that was there when it was ready: another one has come back.</param>
/// <param name="Rebalances">Whether services spread out anew when it is over.</param>
internal sealed record OutOfService(MaintenanceView Told, long Incarnation = 0, bool Rebalances = false);

/// <summary>How a worker is at a moment.</summary>
/// <param name="IsThere">It renews its lease.</param>
/// <param name="Holds">What is there and why; none when nobody has looked.</param>
internal sealed record WorkerSight(string Worker, bool IsThere, long Incarnation, bool Draining, ValueList<string>? Holds);
