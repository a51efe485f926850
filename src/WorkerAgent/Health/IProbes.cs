using Orchestrator.Contracts.Services;
using Orchestrator.WorkerAgent.Instances;

namespace Orchestrator.WorkerAgent.Health;

/// <summary>Asks an instance once how it is.</summary>
internal interface IProbes
{
    /// <summary>Whether it is well, and the answer in a line; the token is cancelled when the answer is too late.</summary>
    Task<(bool Ok, string Output)> Ask(HealthProbe probe, Instance instance, CancellationToken cancel);
}
