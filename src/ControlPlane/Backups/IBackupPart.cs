using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>
/// One kind of what is kept in a backup. Who adds a kind implements this and registers it; parts are restored in that order.
/// </summary>
internal interface IBackupPart
{
    /// <summary>What the kind is called in the document.</summary>
    string Name { get; }

    /// <summary>Of what the items contain; grows when an earlier program could not restore them right.</summary>
    int Schema { get; }

    /// <exception cref="Records.StoreTroubleException">The store does not answer.</exception>
    /// <exception cref="Services.NoAnswerException">Somebody who knows does not answer.</exception>
    Task<Saved> Save(CancellationToken cancel);

    /// <summary>What became of each item, in their order; with a dry run, what would.</summary>
    Task<ValueList<RestoredItem>> Restore(ValueList<BackupItem> items, RestoreWish wish, CancellationToken cancel);

    /// <param name="Missing">What could not be read, a sentence each.</param>
    sealed record Saved(ValueList<BackupItem> Items, ValueList<string> Missing);
}

/// <param name="Replace">Whether what is there and differs is changed to what the backup says.</param>
/// <param name="Who">Who asks, for the history.</param>
internal sealed record RestoreWish(bool DryRun, bool Replace, string Who, string Why);
