using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>What a worker asks of the control plane. All calls have deadlines and throw when there is no answer.</summary>
internal interface IControlPlane
{
    Task Report(ServiceReport report, CancellationToken cancel);

    Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel);

    Task<ContentsAnswer> Contents(string service, ContentsQuestion question, CancellationToken cancel);

    Task<CredentialsAnswer> Credentials(string service, CredentialsQuestion question, CancellationToken cancel);
}
