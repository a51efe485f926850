namespace LocalDapr.PubSub;

/// <summary>What travels through a topic: a CloudEvent as JSON, or with raw payload whatever the publisher sent.</summary>
internal sealed record Message(string PubSub, string Topic, byte[] Data)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public DateTimeOffset? Expires { get; init; }

    /// <summary>Nobody handled it: it is too late for everything but to be seen.</summary>
    public bool IsDeadLetter { get; init; }
}
