using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>How a deployment turns: to the next wave, back, into a pause, to its end. Pure.</summary>
internal static class Ways
{
    public static StackRecord NextWave(StackRecord record, DateTimeOffset now)
    {
        var current = record.Current!;
        var wave = current.Told.Wave!.Value;
        if (wave < current.Way.Count) return record.Tells(it => it with { Wave = wave + 1, Since = now });
        return current.IsGoingBack ? IsBack(record, now) : IsThere(record, now);
    }

    /// <summary>Something failed, or somebody cancelled it: what was touched goes back.</summary>
    public static StackRecord Back(StackRecord record, string reason, DateTimeOffset now)
    {
        var current = record.Current!;
        var back = StackPlan.Back(current.Told.Waves, record.Former);
        var turned = record with
        {
            Current = current with
            {
                Round = current.Round + 1,
                Told = current.Told with
                {
                    State = DeploymentState.RollingBack, Reason = reason, Back = back, Wave = back.Count > 0 ? 1 : null, Since = now,
                },
            },
        };
        return back.Count > 0 ? turned : IsBack(turned, now);
    }

    public static StackRecord Pause(StackRecord record, string reason, DateTimeOffset now) =>
        record.Current!.Told.Action == StackAction.Remove ? End(record, DeploymentState.Failed, reason, now)
        : record.Tells(it => it with { State = DeploymentState.Paused, Reason = reason, Since = now });

    /// <summary>It cannot even begin.</summary>
    public static StackRecord Fail(StackRecord record, string reason, DateTimeOffset now) =>
        record.Former.Count > 0 ? Back(record, reason, now)
        : End(Forgotten(record), record.Current!.Cancelled is null ? DeploymentState.Failed : DeploymentState.Cancelled, reason, now);

    private static StackRecord IsThere(StackRecord record, DateTimeOffset now)
    {
        var current = record.Current!;
        var failed = Failures(current.Told.Waves);
        var members = record.Members.Where(it => current.Told.Action == StackAction.Restart || current.Spec.Services.ContainsKey(it));
        var settled = record with { Former = new([]), Members = members.ToValueList() };
        if (failed.Length > 0) return End(settled, DeploymentState.Failed, failed, now);
        if (current.Told.Action == StackAction.Remove) return End(settled, DeploymentState.Done, null, now) with { IsGone = true };
        var good = current.Told.Action == StackAction.Restart ? record.Good
            : record.Good.Append(new(current.Told.Id, current.Spec)).TakeLast(StackRecord.KeptGood).ToValueList();
        return End(settled with { Good = good }, DeploymentState.Done, null, now);
    }

    private static StackRecord IsBack(StackRecord record, DateTimeOffset now)
    {
        var current = record.Current!;
        var failed = Failures(current.Told.Back);
        var reason = failed.Length > 0 ? $"{current.Told.Reason}; and not all has gone back: {failed}" : current.Told.Reason;
        var state = failed.Length > 0 || current.Told.Action == StackAction.Restart ? DeploymentState.Failed
            : current.Cancelled is not null ? DeploymentState.Cancelled
            : DeploymentState.RolledBack;
        return End(Forgotten(record), state, reason, now);
    }

    /// <summary>What was before is what is wished for again.</summary>
    private static StackRecord Forgotten(StackRecord record) => record with
    {
        Former = new([]),
        Asked = record.Current!.AskedBefore,
        Members = (record.Current.AskedBefore?.Services.Keys ?? []).Union(record.Members).ToValueList(),
    };

    private static StackRecord End(StackRecord record, DeploymentState state, string? reason, DateTimeOffset now)
    {
        var ended = record.Tells(it => it with { State = state, Reason = reason, Wave = null, Since = null, EndedAt = now });
        return ended with { Current = ended.Current! with { Before = new([]) } };
    }

    private static string Failures(ValueList<StackWave> waves) => string.Join("; ", waves.SelectMany(wave => wave.Steps)
        .Where(it => it.State == StackStepState.Failed).Select(it => $"{it.Service}: {it.Note}"));

    public static StackRecord Tells(this StackRecord record, Func<StackDeployment, StackDeployment> change) =>
        record with { Current = record.Current! with { Told = change(record.Current.Told) } };
}
