using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.ControlPlane.Placement;

/// <summary>Filter: by which rule a worker is refused.</summary>
internal sealed partial class Placer
{
    /// <summary>The first rule that a worker fails, or none.</summary>
    public Rule Refusal(int worker, int avoid = -1)
    {
        var rule = RefusalOfWorker(fleet.Workers[worker]);
        return rule != Rule.None ? rule : worker == avoid ? Rule.Elsewhere : RefusalOfRoom(worker, perWorker: true);
    }

    /// <summary>
    /// True while the worker passes the rules of the wish itself, whatever its state: otherwise what runs there has to leave.
    /// </summary>
    public bool Suits(int worker) => Suits(fleet.Workers[worker]);

    /// <summary>True where an instance could begin if only the worker had room.</summary>
    public bool CouldTake(int worker) => Suits(worker) && RefusalForGood(fleet.Workers[worker]) == Rule.None;

    private bool Suits(Worker worker)
    {
        foreach (var constraint in constraints)
        {
            if (!constraint.Holds(worker)) return false;
        }

        return true;
    }

    /// <summary>By the rules that no placement changes.</summary>
    private Rule RefusalOfWorker(Worker worker)
    {
        if (worker.Health != WorkerHealth.Ready) return Rule.Ready;
        if (worker.Draining) return Rule.Draining;
        foreach (var exclusion in request.Exclusions)
        {
            if (exclusion.Worker == worker.Name) return Rule.Excluded;
        }

        return !Suits(worker) ? Rule.Constraint : RefusalForGood(worker);
    }

    /// <summary>By what an order cannot change: what its operator allows, and how large it is.</summary>
    private Rule RefusalForGood(Worker worker) =>
        ObjectionOf(worker) is not null ? Rule.Policy : request.MostCpu > worker.Capacity.Cores ? Rule.Cores : Rule.None;

    /// <summary>What the worker would refuse by its own account; worked out once for all that allow the same.</summary>
    private Objection? ObjectionOf(Worker worker)
    {
        if (request.Reach is not { } reach || worker.Policy is not { } policy) return null;
        if (!objections.TryGetValue(policy, out var objection)) objections[policy] = objection = policy.To(reach);
        return objection;
    }

    /// <summary>By what is taken on the worker at the moment.</summary>
    private Rule RefusalOfRoom(int worker, bool perWorker)
    {
        var it = fleet.Workers[worker];
        ref readonly var seen = ref fleet[worker];
        if (perWorker && request.Rules.MaxPerWorker is { } most && seen.Present >= most) return Rule.MaxPerWorker;
        if (perWorker && request.ExclusiveVolume is not null && seen.Present >= 1) return Rule.Volume;
        if (request.HostPorts.Count > 0 && TakenPort(it, seen) is not null) return Rule.HostPort;
        if (request.Reserve.Cpu > 0 && it.Load.Reserved.Cpu + seen.Cpu + request.Reserve.Cpu > it.Capacity.Cpu + 1e-9) return Rule.Cpu;
        if (request.Reserve.Memory.Bytes > 0 && request.Reserve.Memory.Bytes > FreeMemory(it, seen)) return Rule.Memory;
        return Rule.None;
    }

    private static double FreeCpu(Worker worker, in Fleet.Tally seen) => worker.Capacity.Cpu - worker.Load.Reserved.Cpu - seen.Cpu;

    private static long FreeMemory(Worker worker, in Fleet.Tally seen) =>
        worker.Capacity.Memory.Bytes - worker.Load.Reserved.Memory.Bytes - seen.Memory;

    private static readonly List<HostPort> NoPorts = [];

    /// <summary>A fixed port that is wanted, and the one that is in its way: the same, or one that overlaps it.</summary>
    private (HostPort Wanted, HostPort Taken)? TakenPort(Worker worker, in Fleet.Tally seen)
    {
        foreach (var wanted in request.HostPorts.AsSpan())
        {
            foreach (var own in seen.Ports ?? NoPorts)
            {
                if (wanted.Overlaps(own)) return (wanted, own);
            }

            foreach (var taken in worker.HostPorts.AsSpan())
            {
                if (wanted.Overlaps(taken) && seen.Freed?.Contains(taken) != true) return (wanted, taken);
            }
        }

        return null;
    }
}
