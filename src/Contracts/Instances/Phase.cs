namespace Orchestrator.Contracts.Instances;

/// <summary>The life of an instance; it only moves forward, a retry is a new instance.</summary>
public enum Phase
{
    /// <summary>Decided, and not yet reported by its worker.</summary>
    Placed,

    /// <summary>Its image is on the worker and its container created; it starts once its predecessor has ended.</summary>
    Prepared,

    /// <summary>The worker accepted the order: pulls the image, creates or starts the container.</summary>
    Starting,
    Running,

    /// <summary>Somebody has frozen it: it lives and serves nobody, until it is let go on.</summary>
    Paused,
    Stopping,

    /// <summary>Ended, by order or by itself; or it never came to run, and the message says why.</summary>
    Exited,
}

/// <summary>What the engine's health probe says about a running instance.</summary>
public enum InstanceHealth
{
    /// <summary>No probe: running is good enough.</summary>
    None,
    Starting,
    Healthy,
    Unhealthy,
}
