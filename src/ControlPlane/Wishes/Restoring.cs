using System.Text.Json;
using Orchestrator.Contracts;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Puts a service back as a backup has it. What runs of it beyond that is heard before anything is begun.</summary>
internal static class Restoring
{
    /// <summary>Workers take no order whose epoch leaps further: one that is higher was not counted.</summary>
    private const long HighestEpoch = 1_000_000;

    public static ChangeResult Apply(ServiceRecord? record, string name, RestoreService change, DateTimeOffset now)
    {
        if (ServiceNames.Problem(name) is { } problem) return Refuse(ServiceOutcome.Invalid, problem);
        var (kept, unfit) = Read(change.Record, name);
        if (kept is null) return Refuse(ServiceOutcome.Invalid, unfit!);
        if (record is { Withdrawn: false }) return Meet(record, kept, change, now);
        // What was deleted since continues its numbers, as it would for one that is created anew. Its instances are of an earlier epoch:
        // of each its worker is heard before anything is concluded.
        var restored = kept with
        {
            Epoch = Math.Max(kept.Epoch, record?.Epoch ?? 0) + 1,
            LastRevision = Math.Max(kept.LastRevision, record?.LastRevision ?? 0),
            Changes = Math.Max(kept.Changes, record?.Changes ?? 0),
        };
        var told = new HistoryEvent(
            now, HistoryKind.Created, $"restored from a backup, at revision {kept.Revision}", null, kept.Revision, Who(change));
        return new ChangeResult { Outcome = ServiceOutcome.Done, Record = restored.WithHistory(told) };
    }

    private static ChangeResult Meet(ServiceRecord record, ServiceRecord kept, RestoreService change, DateTimeOffset now)
    {
        if (record.Spec == kept.Spec) return new ChangeResult { Outcome = ServiceOutcome.Done, Record = record };
        if (change.Replace) return ServiceChanges.ChangeTo(record, kept.Spec, change, now);
        return Refuse(ServiceOutcome.Conflict,
            $"there is a service {record.Name}, at revision {record.Revision}, and it differs: {SpecChange.Words(record.Spec, kept.Spec)}");
    }

    private static (ServiceRecord? Record, string? Unfit) Read(JsonElement content, string name)
    {
        try
        {
            return content.Deserialize<ServiceRecord>(ContractsJson.Options) is not { } record ? (null, "it is no record of a service")
                : Unfit(record, name) is { } unfit ? (null, unfit) : (record, null);
        }
        catch (JsonException e)
        {
            return (null, $"it is no record of a service: {e.Message}");
        }
    }

    private static string? Unfit(ServiceRecord record, string name) =>
        record.Name != name ? $"it is the record of '{record.Name}'"
        : record.Withdrawn ? "it was withdrawn when the backup was made"
        : record.Epoch is < 0 or > HighestEpoch ? $"its epoch {record.Epoch} is absurd"
        : record.Revision < 1 || record.LastRevision < record.Revision
            ? $"its revision {record.Revision} of {record.LastRevision} is absurd"
        : record.FindRevision(record.Revision) is null ? $"its revision {record.Revision} is missing"
        : SpecValidation.Problems(record.Spec) is [var problem, ..] ? $"its spec cannot be: {problem.Field}: {problem.Reason}"
        : null;

    private static string? Who(ServiceChange change) => change.Who.Length > 0 ? change.Who : null;

    private static ChangeResult Refuse(ServiceOutcome outcome, string reason) => new() { Outcome = outcome, Problems = [new("", reason)] };
}
