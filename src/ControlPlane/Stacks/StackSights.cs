using Orchestrator.Contracts.Instances;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Stacks;

namespace Orchestrator.ControlPlane.Stacks;

/// <summary>What a stack sees of a service, from what the service tells of itself. Pure.</summary>
internal static class StackSights
{
    /// <param name="service">Its name within the stack.</param>
    /// <param name="answer">What the service told.</param>
    /// <param name="withSpec">Whether its wish is asked for.</param>
    public static StackSight Of(string service, ServiceAnswer answer, bool withSpec, DateTimeOffset now)
    {
        if (answer.Outcome == ServiceOutcome.Unknown) return new() { Service = service, IsGone = true, Mark = answer.Stack };
        if (answer.Service is not { Stale: false } view) return Unseen(service);
        var settling = Settling(view, now);
        var failed = Failed(view);
        var isSettled = failed is null && view is { Observed: true, State: ServiceState.Running, Rollout: null };
        return new()
        {
            Service = service,
            Exists = !view.Withdrawing,
            Mark = view.Stack,
            Stack = view.Spec.Labels[StackNames.StackLabel] ?? (view.Withdrawing ? null : view.Stack?.Stack),
            Spec = withSpec ? view.Spec : null,
            IsStarted = failed is null && IsStarted(view),
            IsHealthy = isSettled && settling is null,
            IsCompleted = failed is null && IsCompleted(view),
            Failed = failed,
            Waiting = view.Job is { } job ? job.Progress : isSettled && settling is { } rest ? "it runs, and is watched for a moment"
                : view.Rollout ?? (view.Waiting is [var first, ..] ? first : null),
            LookAgainIn = isSettled ? settling : null,
        };
    }

    /// <summary>Nobody answered for it.</summary>
    public static StackSight Unseen(string service) => new() { Service = service, IsSeen = false };

    private static bool IsStarted(ServiceView view) => view.Job is not null || view is { Observed: true, Rollout: null }
        && (view.State == ServiceState.Running
            || (view.Instances.Count > 0 && view.Instances.Count(it => it.Phase == Phase.Running) >= view.Spec.Instances));

    /// <summary>
    /// What has no probe is well when it has run for so long as its updates are watched; none when that is over. A program that ends at
    /// once would be called well otherwise.
    /// </summary>
    private static TimeSpan? Settling(ServiceView view, DateTimeOffset now)
    {
        var youngest = view.Instances.Where(it => it is { Phase: Phase.Running, Health: InstanceHealth.None }).Max(it => it.StartedAt);
        return youngest is { } since && since + view.Spec.Update.Monitor - now is { Ticks: > 0 } rest ? rest : null;
    }

    /// <summary>The newest run is of what was ordered, and has completed.</summary>
    private static bool IsCompleted(ServiceView view) =>
        view.Job?.Runs is [{ State: RunState.Completed } newest, ..] && newest.Revision >= (view.Stack?.Revision ?? 0);

    private static string? Failed(ServiceView view) =>
        view.Job?.Runs is [{ State: RunState.Failed or RunState.Replaced } run, ..] ? $"run {run.Number} failed: {run.Reason}"
        : view.Paused is { } paused ? $"its update is paused: {paused}"
        : view.Stack is { Revision: > 0 } mark && view.Revision < mark.Revision
            ? view.LastRollout ?? $"it went back from revision {mark.Revision} to {view.Revision}"
        : null;
}
