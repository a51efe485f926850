using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>
/// The records of all services. They are read from the store, so that a backup wakes nobody, and put back by the ServiceMasters, so that
/// each is written by whoever owns it.
/// </summary>
internal sealed class ServicesPart(ActorCalls actors, StoredServices stored) : IBackupPart
{
    private const int AtATime = 16;

    public string Name => "services";

    public int Schema => StoredServices.Schema;

    public async Task<IBackupPart.Saved> Save(CancellationToken cancel)
    {
        var found = await stored.Read(await actors.Names(cancel), cancel);
        return new(
            found.Where(it => it.Record is { } record && !IsWithdrawn(record)).Select(it => new BackupItem(it.Service, it.Record!.Value))
                .ToValueList(),
            found.Where(it => it.Problem is not null)
                .Select(it => $"the record of service {it.Service} cannot be read: {it.Problem}").ToValueList());
    }

    public async Task<ValueList<RestoredItem>> Restore(ValueList<BackupItem> items, RestoreWish wish, CancellationToken cancel)
    {
        var restored = new RestoredItem[items.Count];
        var atATime = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancel };
        await Parallel.ForAsync(0, items.Count, atATime, async (at, stop) => restored[at] = await Restore(items[at], wish, stop));
        return restored.ToValueList();
    }

    private async Task<RestoredItem> Restore(BackupItem item, RestoreWish wish, CancellationToken cancel)
    {
        if (ServiceNames.Problem(item.Name) is { } problem) return new(Name, item.Name, RestoreOutcome.Refused, problem);
        var change = new RestoreService(item.Content, wish.Replace) { Who = wish.Who, Why = wish.Why };
        var request = new ServiceChangeRequest(Guid.CreateVersion7().ToString("N"), change, wish.DryRun);
        try
        {
            return Of(item.Name, await actors.Service(item.Name, master => master.Change(request), cancel));
        }
        catch (NoAnswerException e)
        {
            return new(Name, item.Name, RestoreOutcome.Failed, e.Message);
        }
    }

    private RestoredItem Of(string service, ServiceAnswer answer) => answer switch
    {
        { Outcome: ServiceOutcome.Done, Restored: RestoreOutcome.Adopted and var outcome } =>
            new(Name, service, outcome, $"it has instances on {string.Join(", ", answer.FoundOn)}"),
        { Outcome: ServiceOutcome.Done } => new(Name, service, answer.Restored!.Value),
        { Outcome: ServiceOutcome.NotDone or ServiceOutcome.InDoubt } => new(Name, service, RestoreOutcome.Failed, Reasons(answer)),
        _ => new(Name, service, RestoreOutcome.Refused, Reasons(answer)),
    };

    private static string Reasons(ServiceAnswer answer) => string.Join("; ", answer.Problems.Select(problem => problem.Reason));

    /// <summary>A service that is going is not brought back.</summary>
    private static bool IsWithdrawn(System.Text.Json.JsonElement record) =>
        record.TryGetProperty("withdrawn", out var withdrawn) && withdrawn.ValueKind == System.Text.Json.JsonValueKind.True;
}
