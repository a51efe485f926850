using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>What instances may reserve here: the machine's, within the limits of our own cgroup, unless told otherwise.</summary>
internal sealed class Capacity(WorkerAgentOptions options)
{
    // The runtime knows the limits of cgroups, both for processors and for memory.
    public WorkerCapacity Total { get; } = new(
        options.Cpu ?? Environment.ProcessorCount,
        options.MemoryBytes ?? new ByteSize(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
}
