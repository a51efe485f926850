using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.Contracts.Workers;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What a keeper does about containers of its service that no record tells of.</summary>
internal sealed partial class ServiceKeeper
{
    /// <summary>
    /// Who has instances of the service although it has no record, and who must be heard before any is begun. Where a tombstone is, all has
    /// ended; but a backup does not know what has happened since.
    /// </summary>
    private async Task<(ValueList<string> FoundOn, ValueList<string> ToBeHeard)> Earlier(ServiceChange change)
    {
        var isNew = Record is null && own.Unreadable is null;
        var creates = change is CreateService or FollowStack { Spec: not null };
        if (Record is { Withdrawn: false } || !(creates || change is RestoreService) || (creates && !isNew)) return ([], []);
        var holders = await ports.Workers.Holders(name, CancellationToken.None, since);
        if (creates) return (holders, holders);
        var workers = await ports.Workers.Current(CancellationToken.None, since);
        return (holders, workers.Where(worker => worker.Health != WorkerHealth.Lost).Select(worker => worker.Name).ToValueList());
    }

    /// <summary>
    /// A tombstone goes when nothing of its service can turn up any more: some time has passed, and every worker is there and has none.
    /// </summary>
    private async Task EraseIfOver(ServiceRecord tombstone)
    {
        if (!tombstone.IsTombstone || clock.GetUtcNow() - EndOf(tombstone) < options.TombstoneKept) return;
        try
        {
            since = ports.Workers.Mark();
            var holders = await ports.Workers.Holders(name, CancellationToken.None, since);
            var workers = await ports.Workers.Current(CancellationToken.None, since);
            var areAllThere = workers.Count > 0 && workers.All(worker => worker.Health == WorkerHealth.Ready);
            if (holders.Count > 0 || !areAllThere) return;
            await listing.Leave(tombstone);
            await own.Erase();
            LogErased(name, tombstone.Epoch);
        }
        catch (Exception e) when (e is NoAnswerException or StoreTroubleException or RecordConflictException)
        {
            LogNotErased(name, e.Message);
        }
    }

    private static DateTimeOffset EndOf(ServiceRecord tombstone) =>
        tombstone.History is [.., var last] ? last.At : DateTimeOffset.MinValue;

    [LoggerMessage(LogLevel.Information, "Nothing is left of service {Service}, which was deleted; its last epoch was {Epoch}")]
    private partial void LogErased(string service, long epoch);

    [LoggerMessage(LogLevel.Warning, "The tombstone of service {Service} stays for now: {Error}")]
    private partial void LogNotErased(string service, string error);

    private RestoreOutcome Restored(ServiceRecord changed, ValueList<string> holders) =>
        ReferenceEquals(changed, Record) ? RestoreOutcome.Unchanged
        : Record is { Withdrawn: false } || own.Unreadable is not null ? RestoreOutcome.Replaced
        : holders.Count > 0 ? RestoreOutcome.Adopted
        : RestoreOutcome.Created;
}
