namespace LocalDapr.State;

/// <summary>One write; a null value deletes.</summary>
internal sealed record StateChange(string Key, byte[]? Value)
{
    /// <summary>Only if the stored value has this etag.</summary>
    public string? Etag { get; init; }

    /// <summary>Without an etag: only if there is nothing yet.</summary>
    public bool FirstWrite { get; init; }

    public TimeSpan? Ttl { get; init; }
}

internal enum StateOutcome
{
    Done,
    EtagMismatch,
    EtagInvalid,
}
