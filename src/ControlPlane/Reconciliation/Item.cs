using Orchestrator.Contracts.Instances;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>A decided instance with what is known of it, while one pass works on it.</summary>
internal sealed class Item(InstanceRecord record, int worker, Observed? seen, Standing standing)
{
    public InstanceRecord Record { get; set; } = record;

    /// <summary>Where its worker is in the fleet; -1 when nobody lists it.</summary>
    public int WorkerIndex => worker;

    /// <summary>The last report of its own worker.</summary>
    public Observed? Seen => seen;

    public Standing Standing => standing;

    public bool Runs => Record.Intent == Intent.Run;

    /// <summary>It is to end, or on its way there.</summary>
    public bool Leaves => Record.Intent == Intent.Stop;

    /// <summary>It waits, made ready or not, for the end of its predecessor.</summary>
    public bool IsHeld => Record.Intent == Intent.Prepare;

    public bool IsReady => standing == Standing.Ready;

    public bool IsUnhealthy => standing == Standing.Unready && seen!.Report.Health == InstanceHealth.Unhealthy;
}
