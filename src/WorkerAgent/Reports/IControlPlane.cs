using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>What a worker asks of the control plane. All calls have deadlines and throw when there is no answer.</summary>
internal interface IControlPlane
{
    Task Report(ServiceReport report, CancellationToken cancel);

    Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel);

    Task<ContentsAnswer> Contents(string service, ContentsQuestion question, CancellationToken cancel);

    Task<CredentialsAnswer> Credentials(string service, CredentialsQuestion question, CancellationToken cancel);

    /// <summary>The images that this worker must keep for a service; none when there is no such service.</summary>
    Task<ValueList<string>> NeededImages(string service, string worker, CancellationToken cancel);
}
