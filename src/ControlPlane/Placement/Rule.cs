namespace Orchestrator.ControlPlane.Placement;

/// <summary>The rules a worker must pass, in the order in which they are asked.</summary>
internal enum Rule
{
    None,
    Ready,
    Draining,
    Excluded,
    Constraint,
    Policy,
    Cores,
    Elsewhere,
    MaxPerWorker,
    Volume,
    HostPort,
    Cpu,
    Memory,
}
