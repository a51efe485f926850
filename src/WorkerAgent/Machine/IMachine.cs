using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Machine;

/// <summary>What all processes on one machine agree on.</summary>
internal interface IMachineTime
{
    /// <summary>Differs between two lives of the machine; none where that cannot be told.</summary>
    string? BootId { get; }

    /// <summary>Time since the machine started, sleep included.</summary>
    TimeSpan Uptime { get; }
}

/// <summary>The machine under the instances.</summary>
internal interface IMachine : IMachineTime
{
    /// <summary>What instances may reserve here.</summary>
    WorkerCapacity Capacity { get; }

    /// <summary>Parts of all cores and of memory in use, 0 to 1.</summary>
    (double Cpu, double Memory) Load();
}
