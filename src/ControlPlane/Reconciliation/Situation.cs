using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Everything a decision depends on. The same situation always gives the same plan, in whatever order its parts came.</summary>
internal sealed record Situation
{
    public required ServiceRecord Record { get; init; }

    /// <summary>All workers the registry knows, lost ones too.</summary>
    public ValueList<Worker> Workers { get; init; } = [];

    public Observations Observed { get; init; } = Observations.None;

    /// <summary>When this activation of the ServiceMaster began; workers may be listed a little later than that.</summary>
    public DateTimeOffset Since { get; init; }

    public required DateTimeOffset Now { get; init; }
}
