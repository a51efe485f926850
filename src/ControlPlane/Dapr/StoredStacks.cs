using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Stacks;

namespace Orchestrator.ControlPlane.Dapr;

/// <summary>The list of stacks: one record, written by compare-and-set by whichever master has one to add or to take away.</summary>
/// <param name="open">The record anew, for one change.</param>
internal sealed class StoredStacks(Func<IStoredRecord<StoredStacks.Listed>> open) : IStackList
{
    public const string ListKey = "stacks";

    /// <summary>So many others may write at the same time.</summary>
    private const int Tries = 8;

    public static string Key(string stack) => $"stack-{stack}";

    /// <param name="Floor">No deployment of a stack that is gone had a higher number.</param>
    internal sealed record Listed(ValueList<string> Names, long Floor = 0);

    public async Task<ValueList<string>> Names() => (await open().Load())?.Names ?? [];

    public async Task<long> Expect(string stack) => (await Change(list => list.Names.Contains(stack) ? list : list with
    {
        Names = list.Names.Append(stack).Order(StringComparer.Ordinal).ToValueList(),
    })).Floor;

    public Task Leave(string stack, long last) => Change(list => list.Names.Contains(stack) ? new(
        list.Names.Where(it => it != stack).ToValueList(), Math.Max(list.Floor, last)) : list);

    private async Task<Listed> Change(Func<Listed, Listed> change)
    {
        for (var tries = 1; ; tries++)
        {
            var record = open();
            var before = await record.Load() ?? new Listed([]);
            var after = change(before);
            if (ReferenceEquals(before, after)) return after;
            try
            {
                await record.Save(after);
                return after;
            }
            catch (RecordConflictException) when (tries < Tries)
            {
                // Somebody else wrote: what is there now is read.
            }
        }
    }
}
