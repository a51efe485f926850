using LocalDapr.Wire;

namespace LocalDapr.PubSub;

/// <summary>A request to publish, before it is put into an envelope.</summary>
internal sealed record Publication(string PubSub, string Topic, byte[] Data, string ContentType)
{
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    public TimeSpan? Ttl => RequestMetadata.Ttl(Metadata);

    public bool Raw => Metadata.TryGetValue("rawPayload", out string? raw) && raw.Equals("true", StringComparison.OrdinalIgnoreCase);
}
