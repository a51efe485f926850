namespace LocalDapr.State;

/// <summary>A stored value. The etag changes with every write and is never used again for the same key.</summary>
internal sealed record StateItem(byte[] Value, string Etag, DateTimeOffset? Expires)
{
    /// <summary>The <c>ttlExpireTime</c> that a read tells.</summary>
    public string? ExpiresText => Expires?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
