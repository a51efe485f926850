using LocalDapr.Apps;
using LocalDapr.Components;
using LocalDapr.PubSub;

namespace LocalDapr.Metadata;

/// <summary>What a sidecar is and has, at one moment.</summary>
internal sealed record SidecarMetadata
{
    public const string RuntimeVersion = "1.18.3-localdapr";

    public required AppOptions App { get; init; }

    public required IReadOnlyCollection<string> Features { get; init; }

    public required IReadOnlyCollection<(string Type, int Count)> ActiveActors { get; init; }

    public required IReadOnlyCollection<Component> Components { get; init; }

    public required IReadOnlyDictionary<string, string> Extended { get; init; }

    public required IReadOnlyList<Subscription> Subscriptions { get; init; }

    public required ActorRuntimeState ActorRuntime { get; init; }

    /// <summary>Workers of workflows that have a stream open here.</summary>
    public required int ConnectedWorkers { get; init; }

    public bool HostReady => ActiveActors.Count > 0;

    /// <summary>What is told of the way to placement.</summary>
    public required string Placement { get; init; }

    /// <summary>What Dapr's own components of the kind can do, as far as these implementations do it.</summary>
    public static IReadOnlyList<string> Capabilities(Component component) => component.Kind switch
    {
        ComponentKind.State => ["ETAG", "TRANSACTIONAL", "TTL", "ACTOR"],
        _ => [],
    };
}

internal enum ActorRuntimeState
{
    Disabled,
    Initializing,
    Running,
}
