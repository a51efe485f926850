using Dapr.DurableTask.Protobuf;

namespace LocalDapr.Workflows;

/// <summary>
/// Has activities done: at least once each, for a worker may be lost after it did one and before it said so. One answer counts.
/// </summary>
internal sealed partial class Activities(
    WorkflowStore store, Func<string, Workers> workersOf, Action<WorkflowKey> wake, TimeProvider clock, ILogger log,
    CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public void Start(OpenTask task) => _ = RunAsync(task);

    private async Task RunAsync(OpenTask task)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await TryAsync(task)) return;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // It was not stored: the activity is done again after the next start.
            }
            catch (Exception e)
            {
                LogBroken(task.Scheduled.TaskScheduled.Name, task.Key, e);
                await Task.Delay(Pause, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>False when its worker was lost before it answered.</summary>
    private async Task<bool> TryAsync(OpenTask task)
    {
        string app = task.Scheduled.Router is { HasTargetAppID: true } router ? router.TargetAppID : task.Key.App;
        using var ask = await workersOf(app).AskAsync(
            new(task.Key, task.Scheduled.EventId), _ => store.IsOpen(task) ? WorkItems.Of(task) : null);
        if (ask is null) return true;
        if (await ask.Answer is not ActivityResponse answer) return false;
        var ended = Events.TaskEnded(clock.GetUtcNow(), answer, task.Scheduled.TaskScheduled.TaskExecutionId);
        if (await store.EndAsync(task, ended)) wake(task.Key);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "what became of activity {Name} of workflow {Workflow} could not be stored")]
    private partial void LogBroken(string name, WorkflowKey workflow, Exception e);
}
