using System.Text.Json;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Settings;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>Makes one document of all parts, and puts it back part by part.</summary>
internal sealed class BackupKeeper(IEnumerable<IBackupPart> parts, ControlPlaneOptions options, TimeProvider clock)
{
    private readonly IReadOnlyList<IBackupPart> parts = [.. parts];

    /// <inheritdoc cref="IBackupPart.Save"/>
    public async Task<Backup> Save(CancellationToken cancel)
    {
        List<BackupPart> saved = [];
        List<string> missing = [];
        foreach (var part in parts)
        {
            var (items, unread) = await part.Save(cancel);
            saved.Add(new(part.Name, part.Schema, items));
            missing.AddRange(unread);
        }

        return new Backup(
            Backup.KnownSchema, saved.ToValueList(), clock.GetUtcNow(), options.MemberName,
            missing.Count == 0 ? null : missing.ToValueList());
    }

    /// <summary>What keeps a document from being restored at all, by field; nothing of it is done then.</summary>
    public IEnumerable<FieldProblem> Problems(Backup backup)
    {
        if (backup.Schema is < 1 or > Backup.KnownSchema)
            yield return new("schema", $"is {backup.Schema}; this master knows 1 to {Backup.KnownSchema}: update it");
        // What is absent from a document comes as null.
        if (backup.Parts is null) yield return new("parts", "is required");
        foreach (var (at, part) in (backup.Parts ?? []).Index())
        {
            var field = $"parts[{at}]";
            if (part.Items is null) yield return new($"{field}.items", "is required");
            if (Find(part.Name) is not { } known)
                yield return new($"{field}.name", $"is no part that this master knows; it knows {Known}");
            else if (part.Schema > known.Schema)
                yield return new($"{field}.schema", $"is {part.Schema}; this master knows 1 to {known.Schema}: update it");
            if (part.Schema < 1) yield return new($"{field}.schema", "must be 1 or more");
            foreach (var (place, item) in (part.Items ?? []).Index())
            {
                if (item.Name is null) yield return new($"{field}.items[{place}].name", "is required");
                if (item.Content.ValueKind != JsonValueKind.Object)
                    yield return new($"{field}.items[{place}].content", "is required, and an object");
            }
        }
    }

    public async Task<RestoreAnswer> Restore(Backup backup, RestoreWish wish, CancellationToken cancel)
    {
        List<RestoredItem> all = [];
        foreach (var part in parts)
        {
            foreach (var saved in backup.Parts.Where(it => it.Name == part.Name))
                all.AddRange(await part.Restore(saved.Items, wish, cancel));
        }

        return new RestoreAnswer(wish.DryRun, all.ToValueList());
    }

    private string Known => string.Join(", ", parts.Select(it => it.Name));

    private IBackupPart? Find(string name) => parts.FirstOrDefault(it => it.Name == name);
}
