using Microsoft.Extensions.Logging.Abstractions;

namespace LocalDapr;

/// <summary>What all sidecars of one host share.</summary>
public sealed record LocalDaprOptions
{
    /// <summary>Where state, reminders and locks are kept (created if missing); null keeps them in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// Folders with Component, Subscription, Resiliency and Configuration YAML files, seen by every sidecar. When neither the host nor
    /// the sidecar names a folder, a sidecar has <c>statestore</c> (also for actors), <c>pubsub</c>, <c>lockstore</c> and
    /// <c>configstore</c>.
    /// </summary>
    public IReadOnlyList<string> ResourcesPaths { get; init; } = [];

    /// <summary>
    /// Files of kind Configuration (as <c>configFilePath</c> in dapr.yaml), read in addition to those in the resources folders.
    /// </summary>
    public IReadOnlyList<string> ConfigurationFiles { get; init; } = [];

    /// <summary>Makes <see cref="LocalDaprHost.Faults"/> available. Only for tests.</summary>
    public bool EnableFaults { get; init; }

    /// <summary>Time of reminders, timers, idleness, TTLs and retries.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where logs go; null for nowhere.</summary>
    public ILoggerFactory? Logging { get; init; }

    /// <summary>What callers must send as <c>dapr-api-token</c>; null asks for nothing.</summary>
    public string? ApiToken { get; init; }

    /// <summary>What sidecars send to their apps as <c>dapr-api-token</c>.</summary>
    public string? AppToken { get; init; }

    /// <summary>
    /// Writes every commit through to the disk, so that also a power cut loses nothing acknowledged. Without it a crash of the
    /// process loses nothing, a power cut the last moments.
    /// </summary>
    public bool SurvivePowerCut { get; init; }

    internal ILoggerFactory Logs => Logging ?? NullLoggerFactory.Instance;
}
