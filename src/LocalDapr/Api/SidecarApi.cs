using LocalDapr.Actors;
using LocalDapr.Configuration;
using LocalDapr.Health;
using LocalDapr.Invocation;
using LocalDapr.Locks;
using LocalDapr.Metadata;
using LocalDapr.PubSub;
using LocalDapr.Secrets;
using LocalDapr.State;
using LocalDapr.Workflows;

namespace LocalDapr.Api;

/// <summary>All that one sidecar can be asked for; its two doors, HTTP and gRPC, lead here.</summary>
internal sealed record SidecarApi
{
    public required ApiToken Token { get; init; }

    public required ActorsApi Actors { get; init; }

    public required ActorStateApi ActorState { get; init; }

    public required RemindersApi Reminders { get; init; }

    public required StateAccess State { get; init; }

    public required PubSubs PubSubs { get; init; }

    public required Subscriptions Subscriptions { get; init; }

    public required InvocationApi Invocation { get; init; }

    public required LockApi Locks { get; init; }

    public required ConfigurationApi Configuration { get; init; }

    public required SecretsApi Secrets { get; init; }

    public required WorkflowApi Workflows { get; init; }

    public required StrictWorkflowApi StrictWorkflows { get; init; }

    public required WorkerApi Workers { get; init; }

    /// <summary>What a message may hold.</summary>
    public required int MostBytes { get; init; }

    public required MetadataApi Metadata { get; init; }

    public required HealthApi Health { get; init; }

    /// <summary>Ends the sidecar in a moment: the answer goes out first.</summary>
    public required Action StopSoon { get; init; }
}
