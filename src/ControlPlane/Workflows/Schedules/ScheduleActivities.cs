using Dapr.Workflow;

namespace Orchestrator.ControlPlane.Workflows.Schedules;

/// <param name="Next">When a run is due next, which may have been a while ago; none when the job gave no answer.</param>
/// <param name="IsOver">There is no such job any more, or no schedule that is to be followed.</param>
internal sealed record ScheduleAnswer(DateTimeOffset? Next, bool IsOver);

/// <param name="At">The moment that the schedule names: one run begins for it, however often this is asked for.</param>
internal sealed record DueRun(string Service, DateTimeOffset At);

/// <summary>Asks a job when it is due next.</summary>
internal sealed class AskSchedule(IJobCalls jobs) : WorkflowActivity<string, ScheduleAnswer>
{
    public override Task<ScheduleAnswer> RunAsync(WorkflowActivityContext context, string input) => jobs.Next(input);
}

/// <summary>Has a job begin the run that is due; false when it is to be asked again.</summary>
internal sealed class BeginDueRun(IJobCalls jobs) : WorkflowActivity<DueRun, bool>
{
    public override Task<bool> RunAsync(WorkflowActivityContext context, DueRun input) => jobs.Begin(input);
}
