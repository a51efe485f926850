using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Placement;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Reconciliation;

/// <summary>Tells the standing of decided instances from what their workers reported and from how the workers themselves are.</summary>
internal sealed class Standings(Situation situation, Fleet fleet)
{
    /// <summary>A worker that the registry does not list may be one that it has only just forgotten by a restart.</summary>
    private static readonly TimeSpan UnlistedWorker = TimeSpan.FromSeconds(15);

    public Item Of(InstanceRecord instance)
    {
        var worker = fleet.IndexOf(instance.Worker);
        var seen = situation.Observed.Find(instance.Name);
        if (seen is not null && seen.Worker != instance.Worker) seen = null;
        return new Item(instance, worker, seen, Of(instance, worker, seen));
    }

    /// <summary>When an instance whose worker nobody lists is taken for lost, counted from the activation or the later decision.</summary>
    public DateTimeOffset GivenUpAt(InstanceRecord instance) =>
        (instance.DecidedAt > situation.Since ? instance.DecidedAt : situation.Since) + UnlistedWorker;

    private Standing Of(InstanceRecord instance, int worker, Observed? seen)
    {
        if (seen is { IsLive: false }) return Standing.Ended;
        var isLost = worker < 0 ? situation.Now >= GivenUpAt(instance) : fleet.Workers[worker].Health == WorkerHealth.Lost;
        if (isLost) return Standing.Lost;
        if (seen is null) return MayBeThere(instance) ? Standing.Unheard : Standing.Placed;
        return seen.Report.Phase switch
        {
            Phase.Running => seen.IsReady ? Standing.Ready : Standing.Unready,
            Phase.Stopping => Standing.Stopping,
            Phase.Paused => Standing.Unready,
            // One that is to run by now has not been told so yet.
            Phase.Placed or Phase.Prepared when instance.Intent == Intent.Run => Standing.Placed,
            Phase.Prepared => Standing.Prepared,
            _ => Standing.Starting,
        };
    }

    /// <summary>Placed by an earlier activation on a worker that has not told since what it has.</summary>
    private bool MayBeThere(InstanceRecord instance) =>
        instance.Epoch != situation.Record.Epoch && !situation.Observed.HasHeard(instance.Worker);
}
