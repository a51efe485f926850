using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>The machine under the instances.</summary>
internal interface IMachine
{
    /// <summary>What instances may reserve here.</summary>
    WorkerCapacity Capacity { get; }

    /// <summary>Differs between two lives of the machine; none where that cannot be told.</summary>
    string? BootId { get; }

    /// <summary>Parts of all cores and of memory in use, 0 to 1.</summary>
    (double Cpu, double Memory) Load();
}
