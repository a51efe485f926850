namespace LocalDapr;

/// <summary>What one sidecar knows of itself and its app, at one moment.</summary>
/// <param name="AppId">The app id.</param>
/// <param name="ReplicaName">Which replica of it.</param>
/// <param name="HttpPort">Port of the HTTP API.</param>
/// <param name="GrpcPort">Port of the gRPC API.</param>
/// <param name="AppPort">Port of the app; 0 when it has none.</param>
/// <param name="AppHealthy">Whether calls reach the app.</param>
/// <param name="WhyUnhealthy">What the last look at the app told, when it is not healthy.</param>
/// <param name="ActorTypes">The actor types this replica hosts now.</param>
/// <param name="ActiveActors">How many actors are active here.</param>
/// <param name="Subscriptions">Topics subscribed here, as <c>pubsub/topic</c>.</param>
public sealed record SidecarStatus(
    string AppId,
    string ReplicaName,
    int HttpPort,
    int GrpcPort,
    int AppPort,
    bool AppHealthy,
    string? WhyUnhealthy,
    IReadOnlyList<string> ActorTypes,
    int ActiveActors,
    IReadOnlyList<string> Subscriptions);
