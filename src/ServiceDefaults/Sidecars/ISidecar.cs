namespace Orchestrator.ServiceDefaults.Sidecars;

/// <summary>The sidecar of this process, as something that can be ill.</summary>
public interface ISidecar
{
    /// <summary>Why it does not call itself healthy, a part of a sentence; none when it does.</summary>
    Task<string?> WhyUnhealthy(CancellationToken cancel);

    /// <summary>Asks it to end. Whoever started it starts it again.</summary>
    /// <exception cref="HttpRequestException">It did not take that.</exception>
    Task ShutDown(CancellationToken cancel);

    /// <summary>Whether an actor answers through it, wherever one may live: several are tried, which live on several hosts.</summary>
    Task<bool> ReachesAnyActor(CancellationToken cancel);
}
