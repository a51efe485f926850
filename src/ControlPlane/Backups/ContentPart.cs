using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>
/// Secrets or configs with their versions. A secret is in a backup as it is in the store: encrypted, and of use with the keys alone.
/// </summary>
internal sealed class ContentPart(ContentKind kind, ContentStore contents) : IBackupPart
{
    public string Name => $"{kind.Word()}s";

    public int Schema => 1;

    /// <param name="Values">By key, as they are stored.</param>
    private sealed record Kept(ContentItem Item, Dictionary<string, string> Values);

    public async Task<IBackupPart.Saved> Save(CancellationToken cancel)
    {
        var (record, values) = await contents.Stored(kind);
        var kept = record.Of(kind).Where(it => it.Versions.Count > 0).Select(it => new Kept(it, Of(it, values))).ToList();
        return new(
            kept.Select(it => new BackupItem(it.Item.Name, JsonSerializer.SerializeToElement(it, ContractsJson.Options))).ToValueList(),
            kept.Where(it => it.Item.Versions.Any(version => version.Key is { } key && !it.Values.ContainsKey(key)))
                .Select(it => $"a value of {kind.Word()} {it.Item.Name} is not in the store").ToValueList());
    }

    public async Task<ValueList<RestoredItem>> Restore(ValueList<BackupItem> items, RestoreWish wish, CancellationToken cancel)
    {
        List<RestoredItem> restored = [];
        foreach (var item in items) restored.Add(await Restore(item, wish));
        return restored.ToValueList();
    }

    private async Task<RestoredItem> Restore(BackupItem item, RestoreWish wish)
    {
        if (Read(item) is not { } kept) return Refused(item, $"it is no {kind.Word()} of this name");
        var (record, values) = await contents.Stored(kind);
        var there = record.Find(kind, item.Name);
        if (there is not null && IsSame(there, values, kept)) return new(Name, item.Name, RestoreOutcome.Unchanged);
        if (there is not null && !wish.Replace)
        {
            return Refused(
                item, $"there is a {kind.Word()} {item.Name}, at version {there.Newest}, and it differs from version {kept.Item.Newest}");
        }

        if (!wish.DryRun) await contents.PutBack(kind, kept.Item, kept.Values);
        return new(Name, item.Name, there is null ? RestoreOutcome.Created : RestoreOutcome.Replaced);
    }

    private RestoredItem Refused(BackupItem item, string why) => new(Name, item.Name, RestoreOutcome.Refused, why);

    /// <summary>The values of a version never change, and its time tells it from another one of the number.</summary>
    private static bool IsSame(ContentItem there, IReadOnlyDictionary<string, string> values, Kept kept) =>
        there.Versions.Select(it => it with { Key = null }).SequenceEqual(kept.Item.Versions.Select(it => it with { Key = null }))
        && there.Versions.All(it => it.Key is null || values.ContainsKey(it.Key));

    private static Dictionary<string, string> Of(ContentItem item, IReadOnlyDictionary<string, string> values) =>
        item.Versions.Select(it => it.Key).OfType<string>().Where(values.ContainsKey).ToDictionary(it => it, it => values[it]);

    /// <summary>None when it is nothing that could have been saved here; versions whose value is missing are left out.</summary>
    private static Kept? Read(BackupItem item)
    {
        try
        {
            if (item.Content.Deserialize<Kept>(ContractsJson.Options) is not { Item.Versions: { } versions, Values: { } values } kept)
                return null;
            var whole = versions.Where(it => it.From is not null || (it.Key is { } key && values.ContainsKey(key))).ToValueList();
            var isFit = kept.Item.Name == item.Name && ContentNames.Problem(item.Name) is null && whole.Count > 0
                && whole.All(it => it.Number > 0 && it.Number <= kept.Item.Last);
            return isFit ? kept with { Item = kept.Item with { Versions = whole } } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
