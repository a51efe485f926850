using Dapr.Actors;
using Orchestrator.Contracts.Instances;
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
