using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

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

    /// <summary>
    /// Puts an item back as it was stored. What is there and has other numbers stays; should some of it be newer, the newest value of what
    /// is put back comes once more above it, so that those who follow are rolled to it.
    /// </summary>
    public async Task PutBack(ContentKind kind, ContentItem item, IReadOnlyDictionary<string, string> stored)
    {
        List<ItemVersion> copies = [];
        foreach (var version in item.Versions) copies.Add(await Copy(version, stored));
        var above = await Copy(item.Versions[^1], stored);
        List<ItemVersion> dropped = [];
        await Change(record =>
        {
            var there = record.Of(kind).FirstOrDefault(it => it.Name == item.Name) ?? new ContentItem(item.Name, 0, []);
            dropped = [.. there.Versions.Where(it => copies.Any(copy => copy.Number == it.Number))];
            List<ItemVersion> versions = [.. there.Versions.Except(dropped).Concat(copies).OrderBy(it => it.Number)];
            var last = Math.Max(item.Last, there.Last);
            if (versions[^1].Number == copies[^1].Number) dropped.Add(above);
            else versions.Add(above with { Number = ++last });
            return record.With(kind, new(item.Name, last, versions.ToValueList()));
        });
        foreach (var version in dropped) await Drop(version);
    }

    /// <summary>Values are written once: what is put back has a key of its own.</summary>
    private async Task<ItemVersion> Copy(ItemVersion version, IReadOnlyDictionary<string, string> stored)
    {
        if (version.Key is null) return version;
        var key = $"content-{Guid.CreateVersion7():n}";
        await values.Write(key, stored[version.Key]);
        return version with { Key = key };
    }

    /// <inheritdoc cref="PutBack(ContentKind, ContentItem, IReadOnlyDictionary{string, string})"/>
    public Task PutBack(RegistryRecord registry) => Change(record => record.With(registry));
}
