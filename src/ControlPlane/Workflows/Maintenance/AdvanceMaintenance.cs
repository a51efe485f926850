using Dapr.Workflow;
using Orchestrator.Contracts.Maintenance;
using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Maintenance;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Workflows.Maintenance;

/// <summary>
/// Looks at the workers that are taken out, writes down what follows, and has the registry drain them or let them go. Run twice or at
/// once it does no harm: what a worker is to be follows from the record alone.
/// </summary>
internal sealed class AdvanceMaintenance(ActorCalls actors, WorkerHolds holds, MaintenanceStore store, TimeProvider clock)
    : WorkflowActivity<string, MaintenanceTurn>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WhileAway = TimeSpan.FromSeconds(15);
    private static readonly CancellationToken Always = CancellationToken.None;

    public override async Task<MaintenanceTurn> RunAsync(WorkflowActivityContext context, string input)
    {
        var before = await store.Current();
        if (!before.GoesOn()) return new(IsEnded: true, TimeSpan.Zero);
        var seen = await Look(before);
        var after = await store.Change(record => MaintenanceCourse.Next(record, seen, clock.GetUtcNow()));
        foreach (var it in after.Workers) await Drain(it, seen.GetValueOrDefault(it.Told.Worker));
        var isQuick = after.Workers.Any(it => it.Told.State is MaintenanceState.Draining or MaintenanceState.Ending);
        return new(!after.GoesOn(), isQuick ? Soon : WhileAway);
    }

    private async Task<Dictionary<string, WorkerSight>> Look(MaintenanceRecord record)
    {
        var members = (await actors.Registry(registry => registry.Members(), Always)).Members.Where(it => it.Role == MemberRole.Worker)
            .ToDictionary(it => it.Name, StringComparer.Ordinal);
        Dictionary<string, WorkerSight> seen = new(StringComparer.Ordinal);
        foreach (var it in record.Workers)
        {
            if (!members.TryGetValue(it.Told.Worker, out var member)) continue;
            var isLooked = it.Told.State == MaintenanceState.Draining && member.Draining;
            seen[member.Name] = new(
                member.Name, member.Status == WorkerHealth.Ready, member.Incarnation ?? 0, member.Draining,
                isLooked ? await holds.Of(member.Name, Always) : null);
        }

        return seen;
    }

    private async Task Drain(OutOfService it, WorkerSight? sight)
    {
        var isOut = it.Told.State != MaintenanceState.Ending;
        if (sight?.Draining != isOut)
            await actors.Registry(registry => registry.SetDraining(new DrainWish(it.Told.Worker, isOut)), Always);
        if (!isOut && it.Rebalances) await Rebalance(it);
    }

    /// <summary>Whoever cannot be spread out now says so, and nothing is lost by it.</summary>
    private async Task Rebalance(OutOfService it)
    {
        foreach (var name in await actors.Names(Always))
        {
            var change = new RebalanceInstances { Who = it.Told.Who, Why = $"maintenance of {it.Told.Worker} is over" };
            var request = new ServiceChangeRequest($"maintenance-{it.Told.Since.UtcTicks}", change);
            try
            {
                await actors.Service(name, master => master.Change(request), Always);
            }
            catch (Exception e) when (e is NoAnswerException or UnreadableServiceException)
            {
                // It stays as it is.
            }
        }
    }
}
