using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Orders;

internal enum Outcome { GoesOn, Done, Failed }

/// <summary>How far a wish has come, by how its service is now.</summary>
/// <param name="Words">Where it stands, why it failed, or what came of it.</param>
internal sealed record Outlook(Outcome Outcome, string Words)
{
    /// <summary>As wished: so many run, of the revision that was asked for.</summary>
    /// <param name="asked">The service as the answer to the wish showed it.</param>
    public static Func<ServiceView?, Outlook> For(ServiceView asked) => asked.Withdrawing ? Gone : now => Of(now, asked.Revision);

    /// <summary>Nothing is left of it.</summary>
    public static Outlook Gone(ServiceView? now) => now is null ? new(Outcome.Done, "nothing is left of it")
        : new(Outcome.GoesOn, First(now) ?? $"{Output.Words.Count(now.Instances.Count, "instance")} left");

    /// <param name="revision">What was asked for; 0 takes what is in force.</param>
    public static Outlook Of(ServiceView? now, int revision)
    {
        if (now is null or { Withdrawing: true }) return new(Outcome.Failed, "somebody has withdrawn it");
        if (now.Revision < revision)
            return new(Outcome.Failed, now.LastRollout ?? now.Rollout ?? $"revision {now.Revision} is in force again");
        if (now.State == ServiceState.Unreadable)
            return new(Outcome.Failed, First(now) ?? "its record cannot be read");
        if (now.Rollout is { } rollout)
        {
            return rollout.Contains("; paused:", StringComparison.Ordinal) ? new(Outcome.Failed, $"{rollout}; orc resume goes on")
                : new(Outcome.GoesOn, rollout);
        }

        if (now.State == ServiceState.Running) return new(Outcome.Done, $"{Output.Words.Count(now.Running ?? 0, "instance")} run");
        if (!now.Observed) return new(Outcome.GoesOn, "not every worker has told yet what it has");
        var running = $"{now.Running}/{now.Spec.Instances} run";
        return new(Outcome.GoesOn, now.Waiting.Count > 0 ? $"{running}; {now.Waiting[0]}" : running);
    }

    private static string? First(ServiceView now) => now.Waiting.Count > 0 ? now.Waiting[0] : null;
}
