using System.Security.Cryptography;
using System.Text;
using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Content;

/// <summary>
/// Secrets, configs and registries of the cluster. One record tells which there are, written by compare-and-set by whichever master is
/// asked; values stand beside it under keys of their own and are written once, so that two masters cannot mix them up.
/// </summary>
/// <param name="open">The record anew, for one change.</param>
internal sealed partial class ContentStore(
    Func<IStoredRecord<ContentRecord>> open, IContentValues values, ISecretStores stores, ISeal seal, TimeProvider clock)
{
    /// <summary>So many versions are kept besides those that services use.</summary>
    public const int KeptVersions = 10;

    public const int MostItems = 500;
    public const int LargestValue = 500 * 1024;
    private const int Tries = 5;

    /// <exception cref="StoreTroubleException">The store does not answer.</exception>
    public async Task<ContentRecord> Current() => await open().Load() ?? new();

    /// <summary>A new version with this value. The same value again makes none.</summary>
    /// <param name="used">Versions that may not be given up.</param>
    /// <returns>The newest version then, or why there can be none.</returns>
    public async Task<(int Version, string? Problem)> Set(
        ContentKind kind, string name, byte[] value, string who, Func<string, IReadOnlySet<int>> used)
    {
        if (await IsNewest(kind, name, value) is { } same) return (same, null);
        var key = $"content-{Guid.CreateVersion7():n}";
        await values.Write(key, kind == ContentKind.Secret ? seal.Close(value) : Convert.ToBase64String(value));
        return await Add(kind, name, who, used, (number, at) => new(number, at, who, Key: key));
    }

    /// <summary>A new version whose value somebody else keeps; also when it is where it was, for it may be another one.</summary>
    public Task<(int Version, string? Problem)> SetElsewhere(
        string name, StoreReference from, string who, Func<string, IReadOnlySet<int>> used) =>
        Add(ContentKind.Secret, name, who, used, (number, at) => new(number, at, who, From: from));

    /// <returns>Why the value that somebody else keeps cannot be had at present; none when it can.</returns>
    public async Task<string?> Problem(StoreReference from)
    {
        try
        {
            await stores.Read(from);
            return null;
        }
        catch (ContentMissingException e)
        {
            return e.Message;
        }
    }

    /// <returns>Whether there was one.</returns>
    public async Task<bool> Delete(ContentKind kind, string name)
    {
        ContentItem? gone = null;
        await Change(record =>
        {
            gone = record.Find(kind, name);
            return gone is null ? record : record.With(kind, gone with { Versions = [] });
        });
        foreach (var version in gone?.Versions ?? []) await Drop(version);
        return gone is not null;
    }

    /// <summary>The value of a version.</summary>
    /// <exception cref="ContentMissingException">It cannot be had.</exception>
    public async Task<byte[]> Read(ContentKind kind, string name, int number)
    {
        var item = (await Current()).Find(kind, name) ?? throw new ContentMissingException($"there is no {kind.Word()} {name}");
        var version = item.Find(number)
            ?? throw new ContentMissingException($"version {number} of {kind.Word()} {name} is not kept any more");
        return await Read(kind, name, version);
    }

    /// <summary>The newest value.</summary>
    /// <inheritdoc cref="Read(ContentKind, string, int)"/>
    public async Task<byte[]> ReadNewest(ContentKind kind, string name)
    {
        var item = (await Current()).Find(kind, name) ?? throw new ContentMissingException($"there is no {kind.Word()} {name}");
        return await Read(kind, name, item.Versions[^1]);
    }

    private async Task<byte[]> Read(ContentKind kind, string name, ItemVersion version)
    {
        try
        {
            if (version.From is { } from) return await stores.Read(from);
            var stored = await values.Read(version.Key!) ?? throw new ContentMissingException("its value is not in the state store");
            return kind == ContentKind.Secret ? seal.Open(stored) : Convert.FromBase64String(stored);
        }
        catch (ContentMissingException e)
        {
            throw new ContentMissingException($"{kind.Word()} {name}, version {version.Number}, cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The number of the newest version if this is its value.</summary>
    public async Task<int?> IsNewest(ContentKind kind, string name, byte[] value)
    {
        if ((await Current()).Find(kind, name)?.Versions[^1] is not { Key: not null } newest) return null;
        try
        {
            return CryptographicOperations.FixedTimeEquals(await Read(kind, name, newest), value) ? newest.Number : null;
        }
        catch (ContentMissingException)
        {
            // What cannot be read is replaced.
            return null;
        }
    }

    private async Task<(int, string?)> Add(
        ContentKind kind, string name, string who, Func<string, IReadOnlySet<int>> used, Func<int, DateTimeOffset, ItemVersion> make)
    {
        ItemVersion? added = null;
        List<ItemVersion> dropped = [];
        string? problem = null;
        await Change(record =>
        {
            var item = record.Of(kind).FirstOrDefault(it => it.Name == name) ?? new ContentItem(name, 0, []);
            problem = item.Versions.Count == 0 && record.Of(kind).Count(it => it.Versions.Count > 0) >= MostItems
                ? $"there are {MostItems} {kind.Word()}s, and no more are kept; delete some that nobody uses" : null;
            added = make(item.Last + 1, clock.GetUtcNow());
            if (problem is not null) return record;
            var keep = used(name);
            var oldestKept = item.Versions.Count + 1 - KeptVersions;
            dropped = [.. item.Versions.Where((it, at) => at < oldestKept && !keep.Contains(it.Number))];
            return record.With(kind, new(name, added.Number, [.. item.Versions.Except(dropped), added]));
        });
        if (problem is not null) await Drop(added!);
        else foreach (var version in dropped) await Drop(version);
        return (added!.Number, problem);
    }

    private async Task Drop(ItemVersion version)
    {
        if (version.Key is { } key) await values.Delete(key);
    }

    /// <summary>The change is made on what is stored now, and again when somebody else was quicker.</summary>
    private async Task Change(Func<ContentRecord, ContentRecord> change)
    {
        for (var left = Tries; ; left--)
        {
            var record = open();
            var before = await record.Load() ?? new();
            var after = change(before);
            if (ReferenceEquals(before, after)) return;
            try
            {
                await record.Save(after);
                return;
            }
            catch (RecordConflictException) when (left > 1)
            {
            }
        }
    }
}
