using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Schedules;

namespace Orchestrator.ControlPlane.Answers;

/// <summary>A job's runs and its schedule, for the API.</summary>
internal static class JobViews
{
    public static JobView? Of(ServiceRecord record) => record.Job is not { } job ? null : new JobView
    {
        Progress = Progress(record),
        Runs = job.Runs.Reverse().Select(run => Now(record, run)).ToValueList(),
        Ended = job.Ended.Reverse().ToValueList(),
        Schedule = Timetable.Of(record.Spec.Job) is not { } timetable ? null : new ScheduleView
        {
            Next = job.Paused is null ? timetable.Next(job.DecidedUpTo) : null,
            Last = job.Runs.Max(run => run.ScheduledFor),
            Paused = job.Paused,
        },
    };

    /// <summary>Where the newest run stands: <c>completed 3/5</c>, <c>completed 3/5 in run 2, which has failed: …</c>.</summary>
    public static string Progress(ServiceRecord record)
    {
        if (record.Job is not { Runs: [.., var newest] }) return "has not run yet";
        var run = Now(record, newest);
        var how = run.State switch
        {
            RunState.Failed => $"; run {run.Number} has failed: {run.Reason}",
            RunState.Replaced => $"; {run.Reason}",
            _ => "",
        };
        return $"completed {run.Completed}/{run.Completions}{how}";
    }

    /// <summary>Of a job of which no run goes on; none otherwise.</summary>
    public static ServiceState? StateAtRest(ServiceRecord record) => record.Job is not { } job || job.Open.Any() ? null
        : job.Runs is not [.., var newest] ? ServiceState.Scheduled
        : newest.State == RunState.Failed ? ServiceState.Failed
        : ServiceState.Completed;

    private static JobRun Now(ServiceRecord record, JobRun run) =>
        run.State == RunState.Running ? run with { Completed = record.CompletedIn(run.Number) } : run;
}
