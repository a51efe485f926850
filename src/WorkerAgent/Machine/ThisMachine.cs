using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>The machine that the agent runs on, within the limits of our own cgroup, unless told otherwise.</summary>
internal sealed class ThisMachine(WorkerAgentOptions options, TimeProvider clock) : IMachine
{
    private readonly LoadMeter meter = new(clock);

    // The runtime knows the limits of cgroups, both for processors and for memory.
    public WorkerCapacity Capacity { get; } = new(
        options.Cpu ?? Environment.ProcessorCount,
        options.MemoryBytes ?? new ByteSize(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        // The engine is not within our limits.
        Cores());

    public string? BootId { get; } = Boot.Id;

    public TimeSpan Uptime => Boot.Uptime;

    public (double Cpu, double Memory) Load() => meter.Read();

    private static double Cores() => File.Exists("/proc/stat")
        ? File.ReadLines("/proc/stat").Count(line => line.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]))
        : Environment.ProcessorCount;
}
