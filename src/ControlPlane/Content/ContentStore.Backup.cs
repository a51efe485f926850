using Orchestrator.Contracts.Content;

namespace Orchestrator.ControlPlane.Content;

internal sealed partial class ContentStore
{
    /// <summary>Everything as it is stored: the values of secrets stay encrypted.</summary>
    public async Task<(ContentRecord Record, IReadOnlyDictionary<string, string> Values)> Stored(ContentKind kind)
    {
        var record = await Current();
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (var key in record.Of(kind).SelectMany(it => it.Versions).Select(it => it.Key).OfType<string>())
        {
            if (await values.Read(key) is { } value) found[key] = value;
        }

        return (record, found);
    }

    /// <summary>Puts an item back as it was stored, in place of what is there.</summary>
    public async Task PutBack(ContentKind kind, ContentItem item, IReadOnlyDictionary<string, string> stored)
    {
        List<ItemVersion> versions = [];
        foreach (var version in item.Versions)
        {
            // Values are written once: what is put back has a key of its own.
            var key = version.Key is null ? null : $"content-{Guid.CreateVersion7():n}";
            if (key is not null) await values.Write(key, stored[version.Key!]);
            versions.Add(version with { Key = key });
        }

        ContentItem? replaced = null;
        await Change(record =>
        {
            replaced = record.Of(kind).FirstOrDefault(it => it.Name == item.Name);
            return record.With(kind, item with { Versions = [.. versions], Last = Math.Max(item.Last, replaced?.Last ?? 0) });
        });
        foreach (var version in replaced?.Versions ?? []) await Drop(version);
    }

    /// <inheritdoc cref="PutBack(ContentKind, ContentItem, IReadOnlyDictionary{string, string})"/>
    public Task PutBack(RegistryRecord registry) => Change(record => record.With(registry));
}
