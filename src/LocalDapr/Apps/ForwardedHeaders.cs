using System.Collections.Frozen;
using System.Net.Http.Headers;
using LocalDapr.Wire;

namespace LocalDapr.Apps;

/// <summary>Copies headers between a caller and an app, except those that belong to one connection or to the sidecar alone.</summary>
internal static class ForwardedHeaders
{
    private static readonly FrozenSet<string> NotToApp = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Host", "Content-Length",
        "Expect", DaprHeaders.AppId, DaprHeaders.ReentrancyId,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> NotToCaller = new[]
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Content-Length", "Date", "Server",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void ToApp(IHeaderDictionary from, HttpRequestMessage to)
    {
        foreach (var (name, values) in from)
        {
            if (NotToApp.Contains(name)) continue;
            if (values.Count == 1)
            {
                if (!to.Headers.TryAddWithoutValidation(name, values[0])) to.Content?.Headers.TryAddWithoutValidation(name, values[0]);
            }
            else if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    public static void ToCaller(HttpHeaders? from, IHeaderDictionary to)
    {
        if (from is null) return;
        foreach (var (name, values) in from.NonValidated)
        {
            if (NotToCaller.Contains(name)) continue;
            to[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }
    }
}
