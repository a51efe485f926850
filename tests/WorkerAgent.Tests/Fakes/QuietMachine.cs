using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.WorkerAgent.Machine;

namespace Orchestrator.WorkerAgent.Tests.Fakes;

/// <summary>A machine of four cores that has nothing to do.</summary>
internal sealed class QuietMachine : IMachine
{
    public WorkerCapacity Capacity { get; } = new(4, ByteSize.Mi(8192));

    public string? BootId { get; set; } = "first";

    public (double Cpu, double Memory) Load() => (0, 0);
}
