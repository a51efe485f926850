using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.ControlPlane.Records;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>
/// A service does what a deployment of its stack tells it, once. Orders may come twice, late and in another order: the mark in the record
/// says which was the last.
/// </summary>
internal static class Following
{
    public static ChangeResult Apply(ServiceRecord? record, string name, FollowStack change, DateTimeOffset now, FreshContent fresh)
    {
        var mark = change.Mark;
        if (mark.IsSameAs(record?.Stack)) return new() { Outcome = ServiceOutcome.Done, Record = record };
        if (record?.Stack is { } known && known.IsAfter(mark))
            return Refuse(record, ServiceOutcome.Overtaken, $"deployment {known.Deployment} of stack {mark.Stack} came after this order");
        if (record is { Withdrawn: false } && Owner(record) is var owner && owner != mark.Stack)
        {
            return Refuse(record, ServiceOutcome.Conflict,
                $"there is a service {name} already, and it belongs to {(owner is null ? "no stack" : $"stack {owner}")}");
        }

        var result = change.Spec is { } spec ? Become(record, name, spec, change, now, fresh) : Leave(record, name, change, now);
        if (result.Outcome != ServiceOutcome.Done) return result;
        var followed = result.Record!;
        return result with { Record = followed with { Stack = mark with { Revision = followed.Withdrawn ? 0 : followed.Revision } } };
    }

    /// <summary>The stack to which a service belongs; none of one that somebody made by itself.</summary>
    private static string? Owner(ServiceRecord record) => record.Spec.Labels[StackNames.StackLabel] ?? record.Stack?.Stack;

    private static ChangeResult Become(
        ServiceRecord? record, string name, ServiceSpec spec, FollowStack change, DateTimeOffset now, FreshContent fresh)
    {
        if (record is null or { Withdrawn: true })
            return ServiceChanges.Apply(record, name, new CreateService(spec) { Who = change.Who, Why = change.Why }, now, fresh);
        if (change.IsRestart)
            return ServiceChanges.Apply(record, name, new RestartInstances { Who = change.Who, Why = change.Why }, now, fresh);
        if (change.IsBack && KeptFor(record, spec) is { } kept)
        {
            var back = ServiceChanges.Apply(record, name, new RollBack(kept) { Who = change.Who, Why = change.Why }, now, fresh);
            if (back.Outcome == ServiceOutcome.Done) return ServiceChanges.ChangeTo(back.Record!, spec, change, now, fresh);
        }

        // Whoever orders the same again wants it to go on.
        if (spec == record.Spec && record.Rollout?.Paused is not null)
            return ServiceChanges.Apply(record, name, new ResumeRollout { Who = change.Who, Why = change.Why }, now, fresh);
        var changed = ServiceChanges.ChangeTo(record, spec, change, now, fresh);
        return changed.Outcome == ServiceOutcome.Done && !change.IsBack ? Run(record, changed.Record!, change, now) : changed;
    }

    /// <summary>
    /// A job that changes runs, and so does one whose last run did no good; one with a schedule waits for that. What goes on is not
    /// disturbed: asking again comes through once it has ended.
    /// </summary>
    private static ChangeResult Run(ServiceRecord before, ServiceRecord changed, FollowStack change, DateTimeOffset now)
    {
        var isDue = changed is { Job: { } job, Spec.Job.Schedule: null }
            && (changed.Revision != before.Revision || job.Runs is not [.., { State: RunState.Running or RunState.Completed }]);
        if (!isDue) return new() { Outcome = ServiceOutcome.Done, Record = changed };
        var (run, why) = JobChanges.Run(changed, new RunJob { Who = change.Who, Why = change.Why }, now);
        return run is null ? Refuse(before, ServiceOutcome.NotDone, why!) : new() { Outcome = ServiceOutcome.Done, Record = run };
    }

    /// <summary>The newest other revision with the same containers: it is bound to the bytes that ran.</summary>
    private static int? KeptFor(ServiceRecord record, ServiceSpec spec) => record.Spec.Container == spec.Container ? null
        : record.Revisions.LastOrDefault(it =>
            it.Number >= record.FirstRevision && it.Number != record.Revision && it.Spec.Container == spec.Container)?.Number;

    /// <summary>
    /// What was to be created and never was leaves a tombstone as well: should the order to create it come late, it meets the mark.
    /// </summary>
    private static ChangeResult Leave(ServiceRecord? record, string name, FollowStack change, DateTimeOffset now)
    {
        if (record is { Withdrawn: false })
            return ServiceChanges.Apply(record, name, new WithdrawService { Who = change.Who, Why = change.Why }, now);
        var left = record ?? new() { Name = name, Epoch = 1, Revision = 0, LastRevision = 0, Spec = new(), Withdrawn = true };
        var told = new HistoryEvent(now, HistoryKind.Withdrawn, $"not to be there ({change.Why})", Who: change.Who);
        return new() { Outcome = ServiceOutcome.Done, Record = left.WithHistory(told) };
    }

    private static ChangeResult Refuse(ServiceRecord? record, ServiceOutcome outcome, string reason) =>
        new() { Outcome = outcome, Record = record, Problems = [new("", reason)] };
}
