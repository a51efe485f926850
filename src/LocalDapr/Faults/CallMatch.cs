namespace LocalDapr.Faults;

/// <summary>Which calls a fault is for; null matches everything.</summary>
public sealed record CallMatch
{
    /// <summary>Every call into any app.</summary>
    public static CallMatch Any { get; } = new();

    /// <summary>The app that is called.</summary>
    public string? AppId { get; init; }

    /// <summary>The actor type; a value matches actor calls only.</summary>
    public string? ActorType { get; init; }

    /// <summary>The actor id; a value matches actor calls only.</summary>
    public string? ActorId { get; init; }

    /// <summary>An actor's method, or the path of an invocation without its leading slash.</summary>
    public string? Method { get; init; }

    internal bool Matches(string appId, string? actorType, string? actorId, string method) =>
        (AppId is null || AppId == appId)
        && (ActorType is null || ActorType == actorType)
        && (ActorId is null || ActorId == actorId)
        && (Method is null || Method == method);
}
