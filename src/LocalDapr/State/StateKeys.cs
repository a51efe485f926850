using LocalDapr.Components;

namespace LocalDapr.State;

/// <summary>How keys are told apart when apps share a store (component metadata <c>keyPrefix</c>).</summary>
internal static class StateKeys
{
    private const string Separator = "||";

    /// <summary>Null when the key holds the separator and is refused.</summary>
    public static string? Of(Component store, string appId, string key)
    {
        if (key.Contains(Separator)) return null;
        string prefix = store.Metadata.GetValueOrDefault("keyPrefix", "appid");
        return prefix.ToLowerInvariant() switch
        {
            "none" => key,
            "appid" or "" => appId + Separator + key,
            "name" => store.Name + Separator + key,
            "namespace" => "default." + appId + Separator + key,
            _ => prefix + Separator + key,
        };
    }

    public static string OfActor(string appId, string type, string id, string key) =>
        string.Concat(appId + Separator + type, Separator + id, Separator, key);
}
