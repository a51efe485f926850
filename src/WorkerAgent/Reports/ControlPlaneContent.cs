using Dapr;
using Dapr.Actors;
using Orchestrator.Contracts.Content;
using Orchestrator.WorkerAgent.Content;
using Orchestrator.WorkerAgent.Docker;
using Orchestrator.WorkerAgent.Settings;

namespace Orchestrator.WorkerAgent.Reports;

/// <summary>Secrets, configs and logins come from the ServiceMaster, the same way as everything else a worker asks.</summary>
internal sealed class ControlPlaneContent(IControlPlane control, WorkerAgentOptions options) : IContentSource, IRegistryLogins
{
    Task<ContentsAnswer> IContentSource.Ask(string service, string instance, CancellationToken cancel) =>
        OrAway("its secrets and configs", () => control.Contents(service, new(options.Name, instance), cancel), cancel);

    Task<CredentialsAnswer> IRegistryLogins.Ask(string service, string image, CancellationToken cancel) =>
        OrAway($"how to log in for {image}", () => control.Credentials(service, new(options.Name, image), cancel), cancel);

    /// <summary>Whoever asks tries again.</summary>
    private static async Task<T> OrAway<T>(string what, Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsUnanswered(e))
        {
            throw new EngineException(EngineFault.Away, $"the control plane does not tell {what}: {e.GetBaseException().Message}", e);
        }
    }

    private static bool IsUnanswered(Exception e) => e is HttpRequestException or TimeoutException or OperationCanceledException
        or DaprException or ActorMethodInvocationException;
}
