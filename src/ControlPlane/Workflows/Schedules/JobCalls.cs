using System.Globalization;
using Orchestrator.Contracts.Actors;
using Orchestrator.Contracts.Services;
using Orchestrator.ControlPlane.Dapr;
using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Workflows.Schedules;

/// <summary>What workflows ask of jobs, by one idempotent call each; who gives no answer is asked again later.</summary>
internal interface IJobCalls
{
    Task<ScheduleAnswer> Next(string service);

    /// <summary>False when the run has not begun and has not been left out either.</summary>
    Task<bool> Begin(DueRun due);
}

internal sealed class JobCalls(ActorCalls actors) : IJobCalls
{
    private static readonly ScheduleAnswer Unknown = new(null, IsOver: false);

    public Task<ScheduleAnswer> Next(string service) => Ask(service, Unknown, async master => Of(await master.Get()));

    public Task<bool> Begin(DueRun due) =>
        Ask(due.Service, false, async master => HasBegun(await master.Change(new ServiceChangeRequest(IdOf(due), new RunDue(due.At)))));

    /// <summary>Names the request: for a moment of the schedule it is always the same.</summary>
    public static string IdOf(DueRun due) => string.Create(CultureInfo.InvariantCulture, $"schedule-{due.At.ToUnixTimeMilliseconds()}");

    /// <summary>Nothing is left to do: the run has begun, or was left out, or there is no such job any more.</summary>
    public static bool HasBegun(ServiceAnswer answer) => answer.Outcome is ServiceOutcome.Done or ServiceOutcome.Unknown;

    /// <summary>What an answer of a service says of its schedule.</summary>
    public static ScheduleAnswer Of(ServiceAnswer answer) => answer switch
    {
        { Outcome: ServiceOutcome.Unknown } or { Service.Withdrawing: true } => new(null, IsOver: true),
        { Outcome: not ServiceOutcome.Done } or { Service: null } => Unknown,
        { Service.Job.Schedule.Next: { } next } => new(next, IsOver: false),
        _ => new(null, IsOver: true),
    };

    private async Task<T> Ask<T>(string service, T unanswered, Func<IServiceMaster, Task<T>> ask)
    {
        try
        {
            return await actors.Service(service, ask, CancellationToken.None);
        }
        catch (NoAnswerException)
        {
            return unanswered;
        }
    }
}
