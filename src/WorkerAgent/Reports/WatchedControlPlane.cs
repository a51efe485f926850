using Dapr.Actors;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ServiceDefaults.Sidecars;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>Notes that the sidecar has brought an answer, whatever it says.</summary>
internal sealed class WatchedControlPlane(IControlPlane inner, SidecarHealth sidecar) : IControlPlane
{
    public Task Report(ServiceReport report, CancellationToken cancel) => Watched(async () =>
    {
        await inner.Report(report, cancel);
        return true;
    });

    public Task<LeaseAnswer> Renew(WorkerReport report, CancellationToken cancel) =>
        Watched(() => inner.Renew(report with { Note = sidecar.Note }, cancel));

    public Task<ContentsAnswer> Contents(string service, ContentsQuestion question, CancellationToken cancel) =>
        Watched(() => inner.Contents(service, question, cancel));

    public Task<CredentialsAnswer> Credentials(string service, CredentialsQuestion question, CancellationToken cancel) =>
        Watched(() => inner.Credentials(service, question, cancel));

    public Task<ValueList<string>> NeededImages(string service, string worker, CancellationToken cancel) =>
        Watched(() => inner.NeededImages(service, worker, cancel));

    private async Task<T> Watched<T>(Func<Task<T>> call)
    {
        try
        {
            var answer = await call();
            sidecar.Answered();
            return answer;
        }
        catch (ActorMethodInvocationException)
        {
            sidecar.Answered();
            throw;
        }
    }
}
