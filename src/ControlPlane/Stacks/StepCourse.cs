using Orchestrator.Contracts.Stacks;
using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>How one service of a wave goes on. Pure.</summary>
internal static class StepCourse
{
    public static bool IsOver(this StackStepState state) => state is StackStepState.Done or StackStepState.Failed;

    public static StackStep Fails(this StackStep step, string reason, DateTimeOffset now) =>
        step with { State = StackStepState.Failed, Note = reason, Since = now };

    /// <param name="sight">None when nobody has looked.</param>
    /// <param name="mark">Of the round: a service that shows it has been told.</param>
    /// <param name="deadline">How long it may take from the first order on.</param>
    /// <param name="tellsAll">Whether a service that stays as it is has to be told as well.</param>
    public static StackStep Next(
        StackStep step, StackSight? sight, StackMark mark, TimeSpan deadline, DateTimeOffset now, bool tellsAll)
    {
        if (step.State.IsOver()) return step;
        var isTold = step.Kind != StackStepKind.Untouched || tellsAll;
        // It is noted before it is done: from here on the service may have been touched.
        if (step.State == StackStepState.Waiting)
            step = step with { State = isTold ? StackStepState.Applying : StackStepState.Applied, Since = now };
        if (sight is not { IsSeen: true }) return Late(step with { Note = "it does not answer at present" }, deadline, now);
        if (isTold && !mark.IsSameAs(sight.Mark))
        {
            return sight.Mark is { } other && other.IsAfter(mark) ? step.Fails("a later deployment has told it something else", now)
                : Late(step, deadline, now);
        }

        if (step.State == StackStepState.Applying) step = step with { State = StackStepState.Applied };
        if (Has(step, sight)) return step with { State = StackStepState.Done, Note = null, Since = now };
        if (sight.Failed is { } failed && step.Until is not null) return step.Fails(failed, now);
        return Late(step with { Note = sight.Waiting ?? Awaited(step) }, deadline, now);
    }

    private static bool Has(StackStep step, StackSight sight) => step.Kind == StackStepKind.Remove ? sight.IsGone : step.Until switch
    {
        StackCondition.Started => sight.IsStarted || sight.IsHealthy || sight.IsCompleted,
        StackCondition.Healthy => sight.IsHealthy,
        StackCondition.Completed => sight.IsCompleted,
        _ => true,
    };

    private static StackStep Late(StackStep step, TimeSpan deadline, DateTimeOffset now) =>
        now - step.Since < deadline ? step
        : step.Fails($"it has not {Wanted(step)} within {Durations.Format(deadline)}: {step.Note ?? "it was not told"}", now);

    private static string Wanted(StackStep step) => step.Kind == StackStepKind.Remove ? "gone" : step.Until switch
    {
        StackCondition.Started => "started",
        StackCondition.Completed => "completed",
        StackCondition.Healthy => "become healthy",
        _ => "answered",
    };

    private static string Awaited(StackStep step) => step.Kind == StackStepKind.Remove ? "its instances are ending"
        : step.Until == StackCondition.Completed ? "it runs to its end" : "it is not healthy yet";
}
