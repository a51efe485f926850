using LocalDapr.Scheduling;

namespace LocalDapr.Workflows;

/// <summary>Fires the timers of workflows, once each; one that was due while nobody was there fires at once.</summary>
internal sealed partial class WorkflowTimers(
    WorkflowStore store, Action<WorkflowKey> wake, Scheduler scheduler, TimeProvider clock, ILogger log,
    CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public void Start(OpenTimer timer) => scheduler.At(timer.FireAt, () => _ = FireAsync(timer));

    private async Task FireAsync(OpenTimer timer)
    {
        try
        {
            if (await store.FireAsync(timer)) wake(timer.Key);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // It fires after the next start.
        }
        catch (Exception e)
        {
            LogBroken(timer.Key, e);
            scheduler.At(clock.GetUtcNow() + Pause, () => _ = FireAsync(timer));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a timer of workflow {Workflow} could not be fired; it is tried again")]
    private partial void LogBroken(WorkflowKey workflow, Exception e);
}
