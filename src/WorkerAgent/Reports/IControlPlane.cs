using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>What a worker asks of the control plane. Both calls have deadlines and throw when there is no answer.</summary>
internal interface IControlPlane
{
    Task Report(ServiceReport report, CancellationToken cancel);

    Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel);
}
