using System.Globalization;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Records;
using Orchestrator.ControlPlane.Schedules;

namespace Orchestrator.ControlPlane.Services;

/// <summary>What a keeper does about the schedule of its job: it is followed elsewhere, and here it is seen to that it is.</summary>
internal sealed partial class ServiceKeeper
{
    /// <summary>So long after a moment of the schedule it is late that nothing has become of it.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    /// <summary>Somebody may follow the schedule, as far as this activation knows.</summary>
    private bool isFollowed;

    /// <summary>Has the schedule followed; answers when to see whether it was, none where there is nothing to follow.</summary>
    private DateTimeOffset? SeeToSchedule(ServiceRecord record)
    {
        if (Due(record) is not { } due)
        {
            if (isFollowed) ports.Schedules.Leave(name);
            isFollowed = false;
            return null;
        }

        var now = clock.GetUtcNow();
        isFollowed = true;
        ports.Schedules.Follow(name, $"{record.Spec.Job.Schedule} {record.Spec.Job.TimeZone}".TrimEnd(), isLate: now >= due + Late);
        return (due > now ? due : now) + Late;
    }

    /// <summary>The first moment of the schedule upon which nothing has been decided; none when it is not to be followed.</summary>
    private static DateTimeOffset? Due(ServiceRecord record) =>
        record is { Withdrawn: false, Job: { Paused: null } job } ? Timetable.Of(record.Spec.Job)?.Next(job.DecidedUpTo) : null;

    private ServiceView WithSchedule(ServiceView view)
    {
        if (view.Job?.Schedule is not { } schedule || Due(Record!) is not { } due) return view;
        var late = clock.GetUtcNow() >= due + Late
            ? string.Create(CultureInfo.InvariantCulture, $"the run that was due at {due:u} has not begun") : null;
        var problem = ports.Schedules.ProblemOf(name) is { } why ? $"nobody follows the schedule: {why}" : late;
        return problem is null ? view : view with { Job = view.Job with { Schedule = schedule with { Problem = problem } } };
    }
}
