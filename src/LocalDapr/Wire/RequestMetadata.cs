using System.Globalization;
using System.Text.Json;

namespace LocalDapr.Wire;

/// <summary>The <c>metadata</c> of a request or of one item in it: names and texts that say how it is to be treated.</summary>
internal static class RequestMetadata
{
    public static IEnumerable<KeyValuePair<string, string>> Of(JsonElement item)
    {
        if (!item.TryGetProperty("metadata", out var metadata) || metadata.ValueKind != JsonValueKind.Object) yield break;
        foreach (var one in metadata.EnumerateObject())
        {
            yield return new(one.Name, one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText());
        }
    }

    /// <summary>Reads <c>ttlInSeconds</c>; -1 keeps for ever.</summary>
    public static TimeSpan? Ttl(IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        foreach (var (name, value) in metadata ?? [])
        {
            if (!name.Equals("ttlInSeconds", StringComparison.OrdinalIgnoreCase)) continue;
            if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds) || seconds < -1)
                throw ApiException.BadRequest($"incorrect value for metadata 'ttlInSeconds': {value}");
            return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
        }

        return null;
    }
}
