using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.Contracts.Values;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Schedules;

namespace Orchestrator.ControlPlane.Wishes;

/// <summary>Begins and ends runs of a job in its record. What follows from it, the next reconcile decides.</summary>
internal static class JobChanges
{
    /// <summary>Clocks of masters and of their sidecars differ by less.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    /// <summary>A job that is new: without a schedule it runs at once.</summary>
    public static JobRecord? Created(ServiceSpec spec, ServiceChange change, int revision, DateTimeOffset now)
    {
        if (spec.Mode != ServiceMode.Job) return null;
        var job = new JobRecord { DecidedUpTo = now };
        return spec.Job.Schedule is null ? job.Begin(NewRun(job, spec, revision, now, Asked(change, "created"))) : job;
    }

    /// <summary>A schedule that is changed makes up nothing.</summary>
    public static JobRecord? Rescheduled(ServiceRecord record, ServiceSpec to, DateTimeOffset now)
    {
        var from = record.Spec.Job;
        var isSame = (from.Schedule, from.TimeZone) == (to.Job.Schedule, to.Job.TimeZone);
        return record.Job is { } job && !isSame ? job with { DecidedUpTo = now, Paused = to.Job.Schedule is null ? null : job.Paused }
            : record.Job;
    }

    /// <summary>The record with a run that somebody asks for, or why there is none now.</summary>
    public static (ServiceRecord? Record, string? Why) Run(ServiceRecord record, RunJob change, DateTimeOffset now)
    {
        if (record.Job is not { } job) return (null, $"{record.Name} is no job: only what has mode job is run");
        if (WhyNotNow(record, job) is { } why) return (null, why);
        return (Begin(record, job, Asked(change, "asked for"), null, change.Who, now), null);
    }

    /// <summary>The record after the schedule has come to a moment; the same one when all that is due has been decided upon.</summary>
    public static (ServiceRecord? Record, string? Why) RunDue(ServiceRecord record, RunDue change, DateTimeOffset now)
    {
        if (record.Job is not { Paused: null } job || Timetable.Of(record.Spec.Job) is not { } timetable) return (record, null);
        if (change.At > now + Skew) return (null, $"{Moment(change.At)} has not come yet");
        var upTo = change.At > now ? change.At : now;
        var due = timetable.Due(job.DecidedUpTo, upTo, record.Spec.Job.Late());
        if (due is { Begin: null, MissedSince: null }) return (record, null);
        job = job with { DecidedUpTo = upTo };
        record = record with { Job = job };
        if (due.MissedSince is { } missed)
            record = Told(record, now, $"what was due since {Moment(missed)} was missed, for no master was there to begin it");
        if (due.Begin is not { } at) return (record, null);
        return WhyNotNow(record, job) is { } why ? (Told(record, now, $"the run that was due at {Moment(at)} is left out: {why}"), null)
            : (Begin(record, job, $"due at {Moment(at)}", at, null, now), null);
    }

    /// <summary>By whom and why a schedule is paused.</summary>
    public static (ServiceRecord? Record, string? Why) Pause(ServiceRecord record, ServiceChange change)
    {
        if (record is not { Job: { } job, Spec.Job.Schedule: not null }) return (null, $"{record.Name} has no schedule to be paused");
        if (job.Paused is not null) return (record, null);
        var by = change.Who.Length > 0 ? $"by {change.Who}" : "on request";
        return (record with { Job = job with { Paused = change.Why.Length > 0 ? $"{by}: {change.Why}" : by } }, null);
    }

    /// <summary>What was due meanwhile is not made up.</summary>
    public static (ServiceRecord? Record, string? Why) Resume(ServiceRecord record, DateTimeOffset now) =>
        record.Job is not { Paused: not null } job ? (null, "the schedule is not paused")
        : (record with { Job = job with { Paused = null, DecidedUpTo = now } }, null);

    private static string? WhyNotNow(ServiceRecord record, JobRecord job)
    {
        var open = job.Open.ToList();
        if (open is [] || record.Spec.Job.Overlapping() == Overlap.Replace) return null;
        if (record.Spec.Job.Overlapping() == Overlap.Allow)
            return open.Count < JobRecord.MostOpen ? null : $"{open.Count} runs go on already";
        var progress = $"{record.CompletedIn(open[0].Number)}/{open[0].Completions} completed";
        return $"run {open[0].Number} still goes on, {progress}, and overlap is forbid";
    }

    private static ServiceRecord Begin(
        ServiceRecord record, JobRecord job, string why, DateTimeOffset? scheduledFor, string? who, DateTimeOffset now)
    {
        var run = NewRun(job, record.Spec, record.Revision, now, why) with { ScheduledFor = scheduledFor };
        foreach (var open in job.Open.Where(_ => record.Spec.Job.Overlapping() == Overlap.Replace))
        {
            job = job.With(open with
            {
                State = RunState.Replaced, EndedAt = now, Completed = record.CompletedIn(open.Number),
                Reason = $"run {run.Number} takes its place",
            });
        }

        var replaced = string.Concat(record.Job!.Open.Except(job.Open).Select(it => $", in the place of run {it.Number}"));
        return Told(record with { Job = job.Begin(run) }, now, $"run {run.Number} begins{replaced}: {why}", run.Revision, who);
    }

    private static JobRun NewRun(JobRecord job, ServiceSpec spec, int revision, DateTimeOffset now, string why) => new()
    {
        Number = job.LastRun + 1, Revision = revision, Completions = spec.Job.Slots(), StartedAt = now, Why = why,
    };

    private static string Asked(ServiceChange change, string how) =>
        $"{how}{(change.Who.Length > 0 ? $" by {change.Who}" : "")}{(change.Why.Length > 0 ? $": {change.Why}" : "")}";

    private static ServiceRecord Told(ServiceRecord record, DateTimeOffset now, string what, int? revision = null, string? who = null) =>
        record.WithHistory(new HistoryEvent(now, HistoryKind.Job, what, null, revision, string.IsNullOrEmpty(who) ? null : who));

    private static string Moment(DateTimeOffset at) => at.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
