namespace LocalDapr.Components;

/// <summary>What one app sees of the resources folders.</summary>
internal sealed record Resources
{
    /// <summary>For whoever names no folder: one component of each kind, under the names that <c>dapr init</c> uses.</summary>
    public static IReadOnlyDictionary<string, Component> DefaultComponents { get; } = new[]
    {
        new Component("statestore", "state.in-memory", "v1")
        {
            Metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["actorStateStore"] = "true" },
        },
        new Component("pubsub", "pubsub.in-memory", "v1"),
        new Component("lockstore", "lock.in-memory", "v1"),
        new Component("configstore", "configuration.in-memory", "v1"),
    }.ToDictionary(c => c.Name);

    public IReadOnlyDictionary<string, Component> Components { get; init; } = new Dictionary<string, Component>();

    /// <summary>Names under <c>features</c> of the Configuration that are enabled.</summary>
    public IReadOnlySet<string> Features { get; init; } = new HashSet<string>();

    /// <summary>What building blocks read for themselves: they know what they can do with it.</summary>
    public IReadOnlyList<Document> Documents { get; init; } = [];

    public Component? ActorStateStore => Components.Values.FirstOrDefault(c => c.IsActorStateStore);

    public Component? Find(ComponentKind kind, string name) =>
        Components.TryGetValue(name, out var component) && component.Kind == kind ? component : null;

    public bool HasAny(ComponentKind kind) => Components.Values.Any(c => c.Kind == kind);

    public IEnumerable<Document> Of(string kind) => Documents.Where(d => d.Kind == kind);

    public Resources For(string appId) => this with
    {
        Components = Components.Values.Where(c => c.VisibleTo(appId)).ToDictionary(c => c.Name),
    };
}
