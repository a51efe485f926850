namespace LocalDapr.Api;

/// <summary>
/// A request target as the sidecar reads it: several slashes count as one (the .NET SDK sends <c>//v1.0/…</c>), each segment is unescaped
/// on its own, so that <c>%2F</c> stays inside its segment.
/// </summary>
internal readonly record struct RequestPath(string[] Segments, string Raw, string Query)
{
    public static RequestPath Of(string target)
    {
        // The absolute form is allowed too (proxies).
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            int start = target.IndexOf('/', scheme + 3);
            target = start < 0 ? "/" : target[start..];
        }

        int question = target.IndexOf('?');
        string path = question < 0 ? target : target[..question];
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i].Contains('%')) segments[i] = Uri.UnescapeDataString(segments[i]);
        }

        return new(segments, path, question < 0 ? "" : target[question..]);
    }

    /// <summary>What follows the first <paramref name="skip"/> segments, still escaped, with the query.</summary>
    public string RawAfter(int skip)
    {
        int at = 0;
        for (int i = 0; i < skip; i++)
        {
            while (at < Raw.Length && Raw[at] == '/') at++;
            while (at < Raw.Length && Raw[at] != '/') at++;
        }

        return Raw[at..].TrimStart('/') + Query;
    }
}
