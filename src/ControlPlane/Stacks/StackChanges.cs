using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What became of a wish: the record that holds it, or why it cannot be had.</summary>
internal sealed record StackResult(ServiceOutcome Outcome, StackRecord? Record, ValueList<FieldProblem> Problems);

/// <summary>Writes a wish into the record of a stack. What follows from it, the next look decides. Pure.</summary>
internal static class StackChanges
{
    /// <param name="floor">No deployment of a stack that is gone had a higher number: a new one begins above.</param>
    public static StackResult Apply(StackRecord? record, string name, StackChange change, long floor, DateTimeOffset now)
    {
        if (StackNames.Problem(name) is { } problem) return Not(ServiceOutcome.Invalid, problem, "name");
        if (change is DeploySpec deploy) return Deploy(record, name, deploy, floor, now);
        if (record is null or { IsGone: true }) return Not(ServiceOutcome.Unknown, $"there is no stack {name}");
        return change switch
        {
            RollBackStack back => RollBack(record, back, now),
            RestartStack => Restart(record, change, now),
            RemoveStack => Remove(record, change, now),
            CancelDeployment => Cancel(record, change, now),
            ResumeDeployment => Resume(record, now),
            _ => throw new NotSupportedException($"{change.GetType().Name} is not a known change"),
        };
    }

    private static StackResult Deploy(StackRecord? record, string name, DeploySpec deploy, long floor, DateTimeOffset now)
    {
        var problems = StackValidation.Problems(name, deploy.Spec);
        if (problems.Count > 0) return new(ServiceOutcome.Invalid, null, problems);
        if (record is { Current: { Told.Action: StackAction.Remove } current } && !current.Told.State.IsOver())
            return Not(ServiceOutcome.Conflict, $"stack {name} is being removed; deploy it when it is gone, or cancel the removal");
        record ??= new() { Name = name, LastDeployment = floor };
        return Done(Begun(record with { IsGone = false }, StackAction.Deploy, deploy.Spec, deploy, now) with { Asked = deploy.Spec });
    }

    private static StackResult RollBack(StackRecord record, RollBackStack change, DateTimeOffset now)
    {
        var inForce = record.Current is { Told: { State: DeploymentState.Done, Action: not StackAction.Restart } told } ? told.Id
            : record.Current is { Told.State: DeploymentState.Done } && record.Good is [.., var last] ? last.Deployment : (long?)null;
        var number = change.Deployment ?? record.Good.LastOrDefault(it => it.Deployment != inForce)?.Deployment;
        if (number is null) return Not(ServiceOutcome.Conflict, "there is no deployment before that proved good");
        if (record.Good.FirstOrDefault(it => it.Deployment == number) is not { } good)
        {
            var kept = record.Good.Count == 0 ? "none" : string.Join(", ", record.Good.Select(it => it.Deployment));
            return Not(ServiceOutcome.Conflict, $"deployment {number} is not kept as one that proved good; kept are {kept}", "deployment");
        }

        return Done(Begun(record, StackAction.Rollback, good.Spec, change, now) with { Asked = good.Spec });
    }

    private static StackResult Restart(StackRecord record, StackChange change, DateTimeOffset now) =>
        record.IsBusy ? Not(ServiceOutcome.Conflict, $"deployment {record.Current!.Told.Id} is under way; restart when it has ended")
        : record.Asked is not { } asked ? Not(ServiceOutcome.Conflict, "nothing of the stack is deployed")
        : Done(Begun(record, StackAction.Restart, asked, change, now));

    private static StackResult Remove(StackRecord record, StackChange change, DateTimeOffset now) =>
        record.Current is { Told.Action: StackAction.Remove } && record.IsBusy ? Done(record)
        : Done(Begun(record, StackAction.Remove, new StackSpec { OnFailure = FailureAction.Continue, Deadline = TimeSpan.FromHours(1) },
            change, now));

    private static StackResult Cancel(StackRecord record, StackChange change, DateTimeOffset now)
    {
        if (!record.IsBusy) return Not(ServiceOutcome.Conflict, "no deployment is under way");
        var current = record.Current!;
        if (current.IsGoingBack || current.Cancelled is not null) return Done(record);
        var by = change.Who.Length > 0 ? $"cancelled by {change.Who}" : "cancelled";
        var cancelled = record with { Current = current with { Cancelled = change.Why.Length > 0 ? $"{by}: {change.Why}" : by } };
        // What waits for somebody to decide goes on.
        return Done(current.Told.State == DeploymentState.Paused
            ? cancelled.Tells(it => it with { State = DeploymentState.Running, Since = now }) : cancelled);
    }

    private static StackResult Resume(StackRecord record, DateTimeOffset now)
    {
        if (record.Current is not { Told.State: DeploymentState.Paused } current)
            return Not(ServiceOutcome.Conflict, record.IsBusy ? "the deployment is not paused" : "no deployment is under way");
        var resumed = (record with { Current = current with { Round = current.Round + 1 } })
            .Tells(it => it with { State = DeploymentState.Running, Reason = null, Since = now });
        return Done(Course.WithSteps(resumed, step => step.State == StackStepState.Failed
            ? step with { State = StackStepState.Waiting, Note = null, Since = null } : step));
    }

    /// <summary>
    /// Another deployment. It takes the place of one that is under way, and should it fail, all goes back to what was before that one.
    /// </summary>
    private static StackRecord Begun(StackRecord record, StackAction action, StackSpec spec, StackChange change, DateTimeOffset now)
    {
        var number = record.LastDeployment + 1;
        var before = record.Current;
        var superseded = record.IsBusy ? before : null;
        var past = before is null ? record.Past
            : record.Past.Append(superseded is null ? before.Told : before.Told with
            {
                State = DeploymentState.Superseded, EndedAt = now, Wave = null, Since = null,
                Reason = $"deployment {number} took its place{(before.Told.Reason is { } reason ? $": {reason}" : "")}",
            }).TakeLast(StackRecord.KeptDeployments).ToValueList();
        return record with
        {
            LastDeployment = number,
            Past = past,
            Current = new()
            {
                Told = new()
                {
                    Id = number, Action = action, State = DeploymentState.Waiting, Who = change.Who, At = now, Why = change.Why,
                },
                Spec = spec,
                AskedBefore = superseded is null ? record.Asked : superseded.AskedBefore,
                Supersedes = superseded is not null,
            },
        };
    }

    private static StackResult Done(StackRecord record) => new(ServiceOutcome.Done, record, []);

    private static StackResult Not(ServiceOutcome outcome, string reason, string field = "") => new(outcome, null, [new(field, reason)]);
}
