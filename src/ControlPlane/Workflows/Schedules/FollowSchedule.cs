using Dapr.Workflow;

namespace Orchestrator.ControlPlane.Workflows.Schedules;

/// <param name="Service">The job.</param>
/// <param name="Told">Names the schedule that is followed, for whoever looks whether it is the one in force.</param>
internal sealed record FollowedSchedule(string Service, string Told);

/// <summary>
/// Follows the schedule of a job for as long as there is one: asks when it is due next, waits, has the run begun, and begins anew as a
/// workflow without a past. It knows nothing that the job does not know better: whatever happens twice, at once or late has one effect
/// there. Released code is not changed: what is to be otherwise is a workflow of another name.
/// </summary>
internal sealed class FollowSchedule : Workflow<FollowedSchedule, string>
{
    /// <summary>The event by which it is told to look again; with the name of the schedule in force.</summary>
    public const string Changed = "changed";

    /// <summary>Should it not be told of a change, it finds it after so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>So long it waits for a job that does not answer, or whose master's clock is behind.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public override async Task<string> RunAsync(WorkflowContext context, FollowedSchedule input)
    {
        var (next, isOver) = await Next(context, input);
        if (isOver) return "there is no schedule to be followed";
        var now = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        var wait = next is null ? Pause : next > now ? next.Value - now : TimeSpan.Zero;
        if (wait > TimeSpan.Zero && await NewsWithin(context, wait < Longest ? wait : Longest) is { } told)
            input = input with { Told = told };
        else if (next is { } due && wait <= Longest && !await Begin(context, input, due)) await context.CreateTimer(Pause);
        context.ContinueAsNew(input);
        return "";
    }

    private static async Task<(DateTimeOffset? Next, bool IsOver)> Next(WorkflowContext context, FollowedSchedule input)
    {
        try
        {
            var answer = await context.CallActivityAsync<ScheduleAnswer>(nameof(AskSchedule), input.Service);
            return (answer.Next, answer.IsOver);
        }
        catch (WorkflowTaskFailedException)
        {
            return (null, false);
        }
    }

    private static async Task<bool> Begin(WorkflowContext context, FollowedSchedule input, DateTimeOffset due)
    {
        try
        {
            return await context.CallActivityAsync<bool>(nameof(BeginDueRun), new DueRun(input.Service, due));
        }
        catch (WorkflowTaskFailedException)
        {
            return false;
        }
    }

    /// <summary>None when nothing was heard.</summary>
    private static async Task<string?> NewsWithin(WorkflowContext context, TimeSpan time)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>(Changed, time);
        }
        catch (TaskCanceledException)
        {
            return null;
        }
    }
}
