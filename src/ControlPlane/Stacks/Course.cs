using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>
/// How a deployment goes on: from its record and from how its services are at a moment to the next record and to what is to be done. Pure,
/// and the same whoever asks, however often: what has been ordered is ordered again until it is seen.
/// </summary>
internal static class Course
{
    /// <summary>When nothing is heard a deployment looks at its services after so long, then after twice as long, and so on.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(1);

    /// <summary>Which services have to be seen; none when there is nothing to do.</summary>
    public static StackQuestion? Asks(StackRecord record)
    {
        if (record.Current is not { } current || !current.Told.State.GoesOn()) return null;
        var isPlanned = current.Told.State != DeploymentState.Waiting;
        var services = isPlanned
            ? current.Way[current.Told.Wave!.Value - 1].Steps.Where(it => !it.State.IsOver()).Select(it => it.Service)
            : record.Members.Union(current.Spec.Services.Keys).Union(record.Former.Keys).Order(StringComparer.Ordinal);
        return new(current.Told.Id, current.Round, current.Told.Wave ?? 0, services.ToValueList(), WithSpecs: !isPlanned);
    }

    /// <param name="question">What was asked; when the deployment has come further since, what was seen says nothing.</param>
    /// <param name="sights">What was seen of each service; none of those of which nobody told.</param>
    public static (StackRecord Record, StackTurn Turn) Next(
        StackRecord record, StackQuestion question, ValueList<StackSight> sights, DateTimeOffset now)
    {
        if (Asks(record) is not { } current) return (record, Ended(record));
        if (current with { Services = question.Services, WithSpecs = question.WithSpecs } != question)
            return (record, LookAgain(record));
        var seen = sights.ToDictionary(it => it.Service, StringComparer.Ordinal);
        return record.Current!.Told.State == DeploymentState.Waiting ? Planning.Plan(record, seen, now) : GoOn(record, seen, now);
    }

    /// <summary>What a service is to become; none when the mark does not count any more, or the service's turn has not come.</summary>
    public static StackOrder? OrderFor(StackRecord record, string service, StackMark mark)
    {
        if (record.Current is not { } current || !MarkOf(record).IsSameAs(mark) || !current.Told.State.GoesOn()) return null;
        if (current.Told.Wave is not { } wave) return null;
        var step = current.Way[wave - 1].Steps.FirstOrDefault(it => it.Service == service);
        if (step is not { State: StackStepState.Applying }) return null;
        var spec = step.Kind == StackStepKind.Remove ? null
            : current.IsGoingBack ? record.Former[service]?.Spec
            : current.Spec.Services[service] is { } wanted ? StackSpecs.Of(record.Name, service, wanted)
            : null;
        return new(mark, spec, step.Kind == StackStepKind.Restart, current.IsGoingBack, current.Told.Who, WhyOf(record));
    }

    /// <summary>A service does not take what it was told, and would not if it were told again.</summary>
    public static StackRecord Refused(StackRecord record, string service, StackMark mark, string reason, DateTimeOffset now) =>
        OrderFor(record, service, mark) is null ? record
        : WithSteps(record, step => step.Service == service ? step.Fails(reason, now) : step);

    public static StackMark MarkOf(StackRecord record) => new(record.Name, record.Current!.Told.Id, record.Current.Round);

    public static StackProgress ProgressOf(StackRecord record)
    {
        var current = record.Current!;
        var steps = current.Told.Wave is { } wave && wave <= current.Way.Count ? current.Way[wave - 1].Steps : [];
        var open = steps.Where(it => !it.State.IsOver()).ToList();
        return new(
            current.Told.Id, current.Told.State, current.Told.Wave, current.Way.Count, open.Select(it => it.Service).ToValueList(),
            current.Told.Since,
            open.Select(it => it.Note is { } note ? $"{it.Service}: {note}" : null).FirstOrDefault(it => it is not null));
    }

    private static (StackRecord, StackTurn) GoOn(StackRecord record, Dictionary<string, StackSight> seen, DateTimeOffset now)
    {
        var current = record.Current!;
        // Whoever cancelled it has been heard before anything else is begun.
        if (current.Cancelled is { } by && !current.IsGoingBack) return Turned(Ways.Back(record, by, now), now);
        var mark = MarkOf(record);
        var deadline = current.Spec.Deadline;
        var next = WithSteps(record, step => StepCourse.Next(
            step, seen.GetValueOrDefault(step.Service), mark, deadline, now, Tells(current)));
        next = WithFormer(next);
        current = next.Current!;
        var steps = current.Way[current.Told.Wave!.Value - 1].Steps;
        if (!current.IsGoingBack && steps.FirstOrDefault(it => it.State == StackStepState.Failed) is { } failed
            && OnFailure(current) is var action and not FailureAction.Continue)
        {
            var reason = $"{failed.Service}: {failed.Note}";
            return Turned(action == FailureAction.Pause ? Ways.Pause(next, reason, now) : Ways.Back(next, reason, now), now);
        }

        if (steps.All(it => it.State.IsOver())) return Turned(Ways.NextWave(next, now), now);
        var apply = steps.Where(it => it.State == StackStepState.Applying).Select(it => it.Service).ToValueList();
        return (next, new(apply, mark, IsEnded: false, LooksAgain: false, Within(steps, seen, now), ProgressOf(next)));
    }

    /// <summary>Of a removal nothing is brought back: what is left is told.</summary>
    private static FailureAction OnFailure(DeploymentRecord current) =>
        current.Told.Action == StackAction.Remove ? FailureAction.Pause : current.Spec.OnFailure;

    /// <summary>Whether services that stay as they are have to hear of it all the same.</summary>
    private static bool Tells(DeploymentRecord current) => current.Supersedes || current.IsGoingBack;

    private static (StackRecord, StackTurn) Turned(StackRecord record, DateTimeOffset now) =>
        record.Current!.Told.State.GoesOn() ? (record, LookAgain(record)) : (record, Ended(record));

    private static StackTurn LookAgain(StackRecord record) =>
        new([], MarkOf(record), IsEnded: false, LooksAgain: true, TimeSpan.Zero, ProgressOf(record));

    private static StackTurn Ended(StackRecord record) =>
        new([], Mark: null, IsEnded: true, LooksAgain: false, TimeSpan.Zero, record.Current is null ? null : ProgressOf(record));

    /// <summary>What is touched is noted with how it was, before anything is ordered. The first note counts.</summary>
    private static StackRecord WithFormer(StackRecord record)
    {
        var current = record.Current!;
        if (current.IsGoingBack) return record;
        var touched = current.Way[current.Told.Wave!.Value - 1].Steps
            .Where(it => it.State != StackStepState.Waiting && it.Kind is not (StackStepKind.Untouched or StackStepKind.Restart))
            .Select(it => it.Service).Where(it => !record.Former.ContainsKey(it) && current.Before.ContainsKey(it)).ToList();
        return touched.Count == 0 ? record : record with
        {
            Former = touched.Aggregate(record.Former, (former, it) => former.With(it, current.Before[it]!)),
        };
    }

    public static StackRecord WithSteps(StackRecord record, Func<StackStep, StackStep> change)
    {
        var current = record.Current!;
        var at = current.Told.Wave!.Value - 1;
        var steps = current.Way[at].Steps.Select(change).ToValueList();
        if (steps.Equals(current.Way[at].Steps)) return record;
        var way = current.Way.Select((wave, n) => n == at ? new StackWave(steps) : wave).ToValueList();
        var told = current.IsGoingBack ? current.Told with { Back = way } : current.Told with { Waves = way };
        return record with { Current = current with { Told = told } };
    }

    /// <summary>
    /// Whoever waits longer looks less often, for news comes by itself; but at once where something is known to come, and at the deadline.
    /// </summary>
    private static TimeSpan Within(ValueList<StackStep> steps, Dictionary<string, StackSight> seen, DateTimeOffset now)
    {
        var open = steps.Where(it => !it.State.IsOver()).ToList();
        var waited = open.Select(it => now - (it.Since ?? now)).DefaultIfEmpty(TimeSpan.Zero).Min();
        var within = TimeSpan.FromTicks(Math.Clamp(waited.Ticks, FirstLook.Ticks, LongestLook.Ticks));
        foreach (var step in open)
        {
            if (seen.GetValueOrDefault(step.Service)?.LookAgainIn is { } soon && soon < within) within = soon;
        }

        var least = TimeSpan.FromMilliseconds(200);
        return within < least ? least : within;
    }

    private static string WhyOf(StackRecord record)
    {
        var told = record.Current!.Told;
        var what = record.Current.IsGoingBack ? $"deployment {told.Id} of stack {record.Name} goes back"
            : $"deployment {told.Id} of stack {record.Name}";
        return told.Why.Length > 0 && !record.Current.IsGoingBack ? $"{what}: {told.Why}" : what;
    }
}
