using Orchestrator.Contracts.Members;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>Whether a worker is empty, and what keeps it from being so.</summary>
internal sealed class WorkerHolds(ActorCalls actors)
{
    private const int AskedAtATime = 16;

    public async Task<Member?> Find(string name, CancellationToken cancel) =>
        (await actors.Registry(registry => registry.Members(), cancel)).Members.FirstOrDefault(
            member => member.Name == name && member.Role == MemberRole.Worker);

    /// <summary>
    /// Empty is a worker of which no record holds anything, and which has reported that nothing runs. Its report alone does not know what
    /// is on its way to it; all records are asked when it could be empty, for any service may just have been created.
    /// </summary>
    public async Task<ValueList<string>> Of(string name, CancellationToken cancel)
    {
        var worker = await Find(name, cancel);
        var services = worker is { Load.Instances: > 0 } ? worker.Services : await actors.Names(cancel);
        var all = (await Held(name, services, cancel)).SelectMany(it => it).ToValueList();
        if (all.Count > 0 || worker is null or { Load.Instances: 0 }) return all;
        return [worker.Load is { } load ? $"{name} reports {load.Instances} instances" : $"{name} has not been heard yet"];
    }

    /// <summary>What the record of each service holds on a worker.</summary>
    public async Task<ValueList<string>[]> Held(string worker, ValueList<string> services, CancellationToken cancel)
    {
        var held = new ValueList<string>[services.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, services.Count, atATime,
            async (at, stop) => held[at] = await actors.Service(services[at], master => master.Holding(worker), stop));
        return held;
    }
}
