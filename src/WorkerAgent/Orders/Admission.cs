using System.Globalization;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Orders;

/// <summary>Whether there is room for one more instance, by the worker's own account. Pure.</summary>
internal static class Admission
{
    /// <summary>The refusal, or null when it fits.</summary>
    public static OrderAnswer? Check(Instance wanted, IReadOnlyCollection<Instance> present, WorkerCapacity capacity)
    {
        var live = present.Where(i => i.Live).ToArray();
        var cpu = live.Sum(i => i.Footprint.Reserve.Cpu);
        var memory = new Contracts.Values.ByteSize(live.Sum(i => i.Footprint.Reserve.Memory.Bytes));
        var more = wanted.Footprint.Reserve;
        if (more.Cpu > 0 && cpu + more.Cpu > capacity.Cpu + 1e-9)
            return Refuse(Refusal.NoCapacity, $"{wanted.Name} reserves {more.Cpu:0.###} CPU, and {cpu:0.###} of {capacity.Cpu:0.###} are reserved");
        if (more.Memory.Bytes > 0 && memory + more.Memory > capacity.Memory)
            return Refuse(Refusal.NoCapacity, $"{wanted.Name} reserves {more.Memory} memory, and {memory} of {capacity.Memory} are reserved");
        foreach (var port in wanted.Footprint.HostPorts)
        {
            if (live.FirstOrDefault(i => i.Footprint.HostPorts.Contains(port)) is { } holder)
                return Refuse(Refusal.PortTaken, $"host port {port} is in use by {holder.Name}");
        }

        return null;
    }

    public static OrderAnswer Refuse(Refusal refusal, FormattableString reason) => Refuse(refusal, reason.ToString(CultureInfo.InvariantCulture));

    public static OrderAnswer Refuse(Refusal refusal, string reason) => new() { Refusal = refusal, Reason = reason };
}
