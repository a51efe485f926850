using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Schedules;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>What can be wrong with a job, and that only a job has any of it.</summary>
internal static class JobValidation
{
    public static void Look(ServiceSpec spec, Findings found)
    {
        if (spec.Mode != ServiceMode.Job)
        {
            OnlyForJobs(spec.Job, found);
            return;
        }

        var job = spec.Job;
        found.Range("completions", job.Completions ?? 1, 1, SpecValidation.MostInstances);
        found.Range("parallelism", job.Parallelism ?? 1, 1, SpecValidation.MostInstances);
        found.Range("attempts", job.Attempts ?? 1, 1, 1000);
        found.Range("keep", job.Keep ?? 0, 0, 100);
        if (job.Deadline is { } deadline) found.Range("deadline", deadline, TimeSpan.FromSeconds(1), TimeSpan.FromHours(720));
        Schedule(job, found);
        if (spec.Restart.Condition != RestartCondition.Always)
            found.Add("restart.condition", "is not for a job: it is tried again as often as attempts says");
        if (spec.Restart.Attempts != 0) found.Add("restart.attempts", "is not for a job: attempts says how often a slot may fail");
        if (spec.Rebalance != Rebalancing.Off) found.Add("rebalance", "is not for a job: what it runs is left where it is to its end");
    }

    private static void Schedule(JobSpec job, Findings found)
    {
        if (job.Schedule is { } schedule)
        {
            if (schedule.Length > 200) found.Add("schedule", "is longer than 200 characters");
            else if (Timetable.Problem(schedule) is { } problem) found.Add("schedule", problem);
        }

        foreach (var (field, _) in OfASchedule(job).Where(it => job.Schedule is null && it.IsThere)) found.Add(field, "needs a schedule");
        if (job.TimeZone is { } zone && !Timetable.IsTimeZone(zone))
            found.Add("timeZone", $"'{zone}' is none that is known here, such as UTC or Europe/Berlin");
        if (job.StartDeadline is { } late) found.Range("startDeadline", late, TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
    }

    private static void OnlyForJobs(JobSpec job, Findings found)
    {
        (string Field, bool IsThere)[] all =
        [
            ("completions", job.Completions is not null), ("parallelism", job.Parallelism is not null),
            ("attempts", job.Attempts is not null), ("deadline", job.Deadline is not null), ("keep", job.Keep is not null),
            ("schedule", job.Schedule is not null), ("overlap", job.Overlap is not null), .. OfASchedule(job),
        ];
        foreach (var (field, _) in all.Where(it => it.IsThere)) found.Add(field, "is for a job only, which has mode job");
    }

    private static (string Field, bool IsThere)[] OfASchedule(JobSpec job) =>
        [("timeZone", job.TimeZone is not null), ("startDeadline", job.StartDeadline is not null)];
}
