namespace LocalDapr.Components;

/// <summary>A component as its YAML tells it, with secrets and environment resolved.</summary>
internal sealed record Component(string Name, string Type, string Version)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>App ids that may use it; empty for all.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Where it is written down; null for a built-in one.</summary>
    public string? File { get; init; }

    public ComponentKind Kind => KindOf(Type);

    public bool IsActorStateStore => Kind == ComponentKind.State && Flag("actorStateStore");

    public bool Flag(string name) =>
        Metadata.TryGetValue(name, out string? value) && value.ToLowerInvariant() is "true" or "1" or "yes" or "y" or "t" or "on";

    public bool VisibleTo(string appId) => Scopes.Count == 0 || Scopes.Contains(appId);

    public static ComponentKind KindOf(string type) => type.Split('.')[0] switch
    {
        "state" => ComponentKind.State,
        "pubsub" => ComponentKind.PubSub,
        "lock" => ComponentKind.Lock,
        "configuration" => ComponentKind.Configuration,
        "secretstores" => ComponentKind.Secrets,
        _ => ComponentKind.Other,
    };
}

internal enum ComponentKind
{
    State,
    PubSub,
    Lock,
    Configuration,
    Secrets,
    Other,
}
