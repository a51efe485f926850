using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Orders;

/// <summary>What an order meets at this worker, besides the instances that are there.</summary>
internal sealed record Circumstances
{
    public bool ShuttingDown { get; init; }

    /// <summary>Whether the engine's containers have been seen once.</summary>
    public bool EngineKnown { get; init; } = true;

    /// <summary>Why the engine can take nothing; none when it can.</summary>
    public string? EngineProblem { get; init; }

    public bool LeaseHolds { get; init; } = true;

    /// <summary>The sequence of the oldest report to which an order may be bound: the lease held since, and it is not long ago.</summary>
    public long OrdersSince { get; init; }

    /// <summary>See <see cref="RunInstance.Heard"/>.</summary>
    public long? Heard { get; init; }

    /// <summary>The highest epoch that has given an order for the service here; 0 when none has.</summary>
    public long KnownEpoch { get; init; }

    /// <summary>The instance of the order has been ended or refused here, by its epoch or a later one.</summary>
    public bool EndedHere { get; init; }

    public required WorkerCapacity Capacity { get; init; }

    /// <summary>What containers may have here that reaches beyond them.</summary>
    public WorkerPolicy Policy { get; init; } = new();
}

/// <summary>Whether the worker takes an order, by its own account; each answer is the refusal, or null when there is none. Pure.</summary>
internal static class Admission
{
    /// <summary>
    /// An epoch grows by one with each activation. One that leaps further is forged or broken; taken, it would bring the true ones near the
    /// end of their range, where nobody can overtake them.
    /// </summary>
    private const long LongestLeap = 1_000_000;

    /// <summary>What holds for every order.</summary>
    public static OrderAnswer? OfOrder(Order order, Circumstances now) =>
        !InstanceName.TryParse(order.Instance, out var name) || name.Service != order.Service
            ? Refuse(Refusal.Impossible, $"'{order.Instance}' is not the name of an instance of service '{order.Service}'")
        : order.Epoch < 1 || order.Epoch - now.KnownEpoch > LongestLeap
            ? Refuse(Refusal.Impossible, $"epoch {order.Epoch} is absurd: epochs begin at 1 and grow by one, and {now.KnownEpoch} is known")
        : now.ShuttingDown ? Refuse(Refusal.Unavailable, $"the worker is shutting down")
        : !now.EngineKnown
            ? Refuse(Refusal.Unavailable, $"the worker has not seen its containers yet: {now.EngineProblem ?? "it has just started"}")
        : null;

    /// <summary>
    /// Whether its folders of the machine are still allowed once links are followed: a container that may write into an allowed folder can
    /// make one there that leads out of it.
    /// </summary>
    /// <param name="follow">Where a path leads on this machine.</param>
    public static OrderAnswer? OfLinks(ContainerSpec container, WorkerPolicy policy, Func<string, string> follow)
    {
        // Nothing is looked at for who has no folders: a disk that hangs is then none of its business.
        if (Reach.Of(container) is not { Folders: { Count: > 0 } folders }) return null;
        var there = policy with { BindPaths = policy.BindPaths.Select(follow).ToValueList() };
        foreach (var folder in folders)
        {
            if (policy.To(new() { Folders = [folder] }) is null && there.To(new() { Folders = [follow(folder)] }) is { } objection)
                return Refuse(Refusal.Impossible, $"{folder} leads elsewhere by a link, and this worker {objection}");
        }

        return null;
    }

    /// <summary>Whether one more instance may begin.</summary>
    public static OrderAnswer? OfInstance(Instance wanted, IReadOnlyCollection<Instance> present, Circumstances now) =>
        now.EndedHere ? Refuse(Refusal.Impossible, $"{wanted.Name} has been ended or refused here, and this order came late")
        : now.Policy.To(Reach.Of(wanted.Footprint.HostPorts, wanted.Spec)) is { } objection
            ? Refuse(Refusal.Impossible, $"this worker {objection}")
        : now.EngineProblem is { } problem ? Refuse(Refusal.Unavailable, $"{problem}")
        : wanted.Footprint.OnLeaseLost == LeaseLoss.Stop && !now.LeaseHolds
            ? Refuse(Refusal.Unavailable, $"the worker holds no lease, so it could not keep the promise of at most one")
        : wanted.Footprint.OnLeaseLost == LeaseLoss.Stop && now.Heard < now.OrdersSince
            ? Refuse(Refusal.Unavailable,
                $"{wanted.Name} was placed too long ago, or before this worker's lease began: another may run in its place by now")
        : OfRoom(wanted, [.. present.Where(i => i.Live)], now.Capacity);

    /// <summary>Whether nothing of the instance is left that could run on.</summary>
    public static OrderAnswer? OfForgetting(Instance? instance) =>
        instance is { Live: true }
            ? Refuse(Refusal.Impossible, $"{instance.Name} is alive ({instance.Phase}); it must be stopped first")
            : null;

    public static OrderAnswer Stale(Order order, long known) =>
        Refuse(Refusal.StaleEpoch, $"epoch {order.Epoch} is below {known}: another ServiceMaster is in charge") with { KnownEpoch = known };

    public static OrderAnswer Refuse(Refusal refusal, FormattableString reason) =>
        new() { Refusal = refusal, Reason = reason.ToString(CultureInfo.InvariantCulture) };

    private static OrderAnswer? OfRoom(Instance wanted, IReadOnlyCollection<Instance> live, WorkerCapacity capacity)
    {
        if (wanted.Spec?.Resources.Limit.Cpu is { } limit && limit > capacity.Cores)
            return Refuse(Refusal.NoCapacity, $"{wanted.Name} may use {limit:0.###} cores, and this worker has {capacity.Cores:0.###}");
        var cpu = live.Sum(i => i.TakesBeside(live).Cpu);
        var memory = new ByteSize(live.Sum(i => i.TakesBeside(live).Memory.Bytes));
        var more = wanted.TakesBeside(live);
        if (more.Cpu > 0 && cpu + more.Cpu > capacity.Cpu + 1e-9)
            return Refuse(
                Refusal.NoCapacity, $"{wanted.Name} reserves {more.Cpu:0.###} CPU, and {cpu:0.###} of {capacity.Cpu:0.###} are reserved");
        if (more.Memory.Bytes > 0 && memory + more.Memory > capacity.Memory)
            return Refuse(
                Refusal.NoCapacity, $"{wanted.Name} reserves {more.Memory} memory, and {memory} of {capacity.Memory} are reserved");
        foreach (var other in live.Where(i => !wanted.IsReplacedBy(i)))
        {
            if (wanted.Footprint.ExclusiveWith(other.Footprint) is { } volume)
                return Refuse(Refusal.VolumeTaken, $"volume {volume} is in use by {other.Name}, and exclusive");
        }

        foreach (var port in wanted.Footprint.HostPorts)
        {
            foreach (var holder in live.Where(i => !wanted.IsReplacedBy(i)))
            {
                if (holder.Footprint.HostPorts.FirstOrDefault(port.Overlaps) is not { } taken) continue;
                return taken == port ? Refuse(Refusal.PortTaken, $"host port {port} is in use by {holder.Name}")
                    : Refuse(Refusal.PortTaken, $"host port {port} overlaps {taken}, which is in use by {holder.Name}");
            }
        }

        return null;
    }
}
