using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Backups;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>
/// Puts the record of a stack back as a backup has it. Its services are restored for themselves, so nothing is deployed; what was under way
/// when the backup was made has ended. Pure.
/// </summary>
internal static class StackRestoring
{
    internal sealed record Result(
        ServiceOutcome Outcome, StackRecord? Record, RestoreOutcome? Restored = null, ValueList<FieldProblem>? Told = null)
    {
        public ValueList<FieldProblem> Problems => Told ?? [];
    }

    public static Result Apply(StackRecord? record, string name, RestoreStack change, DateTimeOffset now)
    {
        if (Read(change.Record, name) is not { } kept) return Not(ServiceOutcome.Invalid, "it is no record of a stack of this name");
        if (kept.IsGone) return Not(ServiceOutcome.Invalid, "it was removed when the backup was made");
        var settled = Settled(kept, now);
        if (record is null) return new(ServiceOutcome.Done, settled, RestoreOutcome.Created);
        if (record.Asked == settled.Asked) return new(ServiceOutcome.Done, record, RestoreOutcome.Unchanged);
        if (record.IsBusy) return Not(ServiceOutcome.Conflict, $"deployment {record.Current!.Told.Id} of stack {name} is under way");
        return change.Replace ? new(ServiceOutcome.Done, settled, RestoreOutcome.Replaced)
            : Not(ServiceOutcome.Conflict, $"there is a stack {name}, at deployment {record.LastDeployment}, and it differs");
    }

    private static StackRecord Settled(StackRecord kept, DateTimeOffset now)
    {
        if (!kept.IsBusy) return kept with { Former = new([]) };
        return (kept with { Former = new([]) }).Tells(it => it with
        {
            State = DeploymentState.Failed, EndedAt = now, Wave = null, Since = null,
            Reason = "it was under way when the backup was made from which the stack was restored",
        });
    }

    private static StackRecord? Read(JsonElement content, string name)
    {
        try
        {
            return StackNames.Problem(name) is null && content.Deserialize<StackRecord>(ContractsJson.Options) is { } record
                && record.Name == name && (record.Asked is null || StackValidation.Problems(name, record.Asked).Count == 0) ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Result Not(ServiceOutcome outcome, string why) => new(outcome, null, null, [new("", why)]);
}
