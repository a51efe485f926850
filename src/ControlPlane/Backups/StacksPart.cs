using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Services;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.ControlPlane.Backups;

/// <summary>
/// The records of all stacks: what they are, and what proved good. Their services are a part of their own.
/// </summary>
/// <param name="open">The record of a stack, to be read.</param>
internal sealed class StacksPart(ActorCalls actors, IStackList list, Func<string, IStoredRecord<StackRecord>> open) : IBackupPart
{
    public string Name => "stacks";

    public int Schema => 1;

    public async Task<IBackupPart.Saved> Save(CancellationToken cancel)
    {
        List<BackupItem> items = [];
        List<string> missing = [];
        foreach (var name in await list.Names())
        {
            try
            {
                if (await open(name).Load() is { IsGone: false } record)
                    items.Add(new(name, JsonSerializer.SerializeToElement(record, ContractsJson.Options)));
            }
            catch (UnreadableRecordException e)
            {
                missing.Add($"the record of stack {name} cannot be read: {e.Message}");
            }
        }

        return new(items.ToValueList(), missing.ToValueList());
    }

    public async Task<ValueList<RestoredItem>> Restore(ValueList<BackupItem> items, RestoreWish wish, CancellationToken cancel)
    {
        List<RestoredItem> restored = [];
        foreach (var item in items) restored.Add(await Restore(item, wish, cancel));
        return restored.ToValueList();
    }

    private async Task<RestoredItem> Restore(BackupItem item, RestoreWish wish, CancellationToken cancel)
    {
        if (StackNames.Problem(item.Name) is { } problem) return new(Name, item.Name, RestoreOutcome.Refused, problem);
        var change = new RestoreStack(item.Content, wish.Replace) { Who = wish.Who, Why = wish.Why };
        var request = new StackChangeRequest(Guid.CreateVersion7().ToString("N"), change, wish.DryRun);
        try
        {
            var answer = await actors.Stack(item.Name, master => master.Change(request), cancel);
            var reasons = string.Join("; ", answer.Problems.Select(it => it.Reason));
            return answer.Outcome switch
            {
                ServiceOutcome.Done => new(Name, item.Name, answer.Restored!.Value),
                ServiceOutcome.NotDone or ServiceOutcome.InDoubt => new(Name, item.Name, RestoreOutcome.Failed, reasons),
                _ => new(Name, item.Name, RestoreOutcome.Refused, reasons),
            };
        }
        catch (NoAnswerException e)
        {
            return new(Name, item.Name, RestoreOutcome.Failed, e.Message);
        }
    }
}
