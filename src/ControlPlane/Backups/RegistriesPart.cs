using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Content;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>How workers log in to registries; passwords encrypted as they are stored.</summary>
internal sealed class RegistriesPart(ContentStore contents) : IBackupPart
{
    public string Name => "registries";

    public int Schema => 1;

    public async Task<IBackupPart.Saved> Save(CancellationToken cancel) => new(
        (await contents.Current()).Registries
            .Select(it => new BackupItem(it.Host, JsonSerializer.SerializeToElement(it, ContractsJson.Options))).ToValueList(), []);

    public async Task<ValueList<RestoredItem>> Restore(ValueList<BackupItem> items, RestoreWish wish, CancellationToken cancel)
    {
        List<RestoredItem> restored = [];
        foreach (var item in items) restored.Add(await Restore(item, wish));
        return restored.ToValueList();
    }

    private async Task<RestoredItem> Restore(BackupItem item, RestoreWish wish)
    {
        if (Read(item) is not { } kept) return new(Name, item.Name, RestoreOutcome.Refused, "it is no login of this registry");
        var there = (await contents.Current()).Registries.FirstOrDefault(it => it.Host == item.Name);
        if (there == kept) return new(Name, item.Name, RestoreOutcome.Unchanged);
        if (there is not null && !wish.Replace)
            return new(Name, item.Name, RestoreOutcome.Refused, $"there is a login of {there.ChangedAt:u}, and it differs");
        if (!wish.DryRun) await contents.PutBack(kept);
        return new(Name, item.Name, there is null ? RestoreOutcome.Created : RestoreOutcome.Replaced);
    }

    private static RegistryRecord? Read(BackupItem item)
    {
        try
        {
            return item.Content.Deserialize<RegistryRecord>(ContractsJson.Options) is { } kept && kept.Host == item.Name
                && ContentNames.HostProblem(item.Name) is null ? kept : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
