using LocalDapr.PubSub;
using LocalDapr.Resiliency;

namespace LocalDapr.Components;

/// <summary>What one app sees of the resources folders.</summary>
internal sealed record Resources
{
    /// <summary>For whoever names no folder: one component of each kind, under the names that <c>dapr init</c> uses.</summary>
    public static Resources Default { get; } = new()
    {
        Components = new[]
        {
            new Component("statestore", "state.in-memory", "v1")
            {
                Metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["actorStateStore"] = "true" },
            },
            new Component("pubsub", "pubsub.in-memory", "v1"),
            new Component("lockstore", "lock.in-memory", "v1"),
            new Component("configstore", "configuration.in-memory", "v1"),
        }.ToDictionary(c => c.Name),
    };

    public IReadOnlyDictionary<string, Component> Components { get; init; } = new Dictionary<string, Component>();

    /// <summary>Names under <c>features</c> of the Configuration that are enabled.</summary>
    public IReadOnlySet<string> Features { get; init; } = new HashSet<string>();

    public ResiliencySpec Resiliency { get; init; } = new();

    /// <summary>Subscriptions from YAML files, with the app ids they are for.</summary>
    public IReadOnlyList<DeclaredSubscription> Subscriptions { get; init; } = [];

    public Component? ActorStateStore => Components.Values.FirstOrDefault(c => c.IsActorStateStore);

    public Component? Find(ComponentKind kind, string name) =>
        Components.TryGetValue(name, out var component) && component.Kind == kind ? component : null;

    public bool HasAny(ComponentKind kind) => Components.Values.Any(c => c.Kind == kind);

    public Resources For(string appId) => this with
    {
        Components = Components.Values.Where(c => c.VisibleTo(appId)).ToDictionary(c => c.Name),
        Subscriptions = [.. Subscriptions.Where(s => s.Scopes.Count == 0 || s.Scopes.Contains(appId))],
    };
}

/// <summary>A Subscription file; no scopes is everybody.</summary>
internal sealed record DeclaredSubscription(Subscription Subscription, IReadOnlyList<string> Scopes);
