using Orchestrator.Contracts.Services;

namespace Orchestrator.Cli.Orders;

internal enum Outcome { GoesOn, Done, Failed }

/// <summary>How far a wish has come, by how its service is now.</summary>
/// <param name="Words">Where it stands, why it failed, or what came of it.</param>
internal sealed record Outlook(Outcome Outcome, string Words)
{
    /// <summary>As wished: so many run, of the revision that was asked for.</summary>
    /// <param name="asked">The service as the answer to the wish showed it.</param>
    public static Func<ServiceView?, Outlook> For(ServiceView asked) => asked switch
    {
        { Withdrawing: true } => Gone,
        { Job: { } job } => now => OfRun(now, Newest(job)?.Number ?? 1),
        _ => now => Of(now, asked.Revision),
    };

    /// <summary>A run of a job has completed, or a later one that took its place has.</summary>
    public static Outlook OfRun(ServiceView? now, int run)
    {
        if (now is null or { Withdrawing: true } or { Job: null }) return new(Outcome.Failed, "somebody has withdrawn it");
        if (now.Job.Runs.Count == 0 && now.Job.Schedule is { } schedule)
            return schedule.Problem is { } problem ? new(Outcome.Failed, problem) : new(Outcome.Done, "its schedule begins the first run");
        if (now.Job.Runs.FirstOrDefault(it => it.Number == run) is not { } it) return new(Outcome.GoesOn, $"run {run} begins");
        return it.State switch
        {
            RunState.Completed => new(Outcome.Done, $"run {it.Number} has completed"),
            RunState.Failed or RunState.Replaced =>
                new(Outcome.Failed, $"run {it.Number} {(it.State == RunState.Failed ? "has failed" : "was replaced")}: {it.Reason}"),
            _ => new(Outcome.GoesOn, $"run {it.Number}: {now.Job.Progress}{(First(now) is { } waits ? $"; {waits}" : "")}"),
        };
    }

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
        if (now.Paused is not null) return new(Outcome.Failed, $"{now.Rollout ?? now.Paused}; orc resume goes on");
        if (now.Rollout is { } rollout) return new(Outcome.GoesOn, rollout);
        if (now.State == ServiceState.Running)
            return new(Outcome.Done, now.Running == 1 ? "1 instance runs" : $"{now.Running} instances run");
        if (!now.Observed) return new(Outcome.GoesOn, "not every worker has told yet what it has");
        var running = $"{now.Running}/{now.Spec.Instances} run";
        return new(Outcome.GoesOn, now.Waiting.Count > 0 ? $"{running}; {now.Waiting[0]}" : running);
    }

    public static JobRun? Newest(JobView job) => job.Runs.MaxBy(it => it.Number);

    private static string? First(ServiceView now) => now.Waiting.Count > 0 ? now.Waiting[0] : null;
}
