using Dapr.DurableTask.Protobuf;
using LocalDapr.Faults;

namespace LocalDapr.Workflows;

/// <summary>
/// Has activities done: at least once each, for a worker may be lost after it did one and before it said so. One answer counts.
/// </summary>
internal sealed partial class Activities(
    WorkflowStore store, Func<string, Workers> workersOf, Action<WorkflowKey> wake, FaultHooks? faults, TimeProvider clock, ILogger log,
    CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public void Start(OpenTask task)
    {
        if (IsDue(FaultKind.RepeatActivity, task)) _ = RunAsync(task);
        _ = RunAsync(task);
    }

    private bool IsDue(FaultKind fault, OpenTask task) =>
        faults?.NextWork(fault, task.Scheduled.TaskScheduled.Name, task.Key.Id) == true;

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
        var work = new Work(new(app, task.Key.Id), task.Scheduled.EventId);
        using var ask = await workersOf(app).AskAsync(
            work, task.Scheduled.TaskScheduled.Name, _ => store.IsOpen(task) ? WorkItems.Of(task) : null);
        if (ask is null) return true;
        if (await ask.Answer is not ActivityResponse answer || IsDue(FaultKind.LoseActivityAnswer, task)) return false;
        var ended = Events.TaskEnded(clock.GetUtcNow(), answer, task.Scheduled.TaskScheduled.TaskExecutionId);
        if (await store.EndAsync(task, ended)) wake(task.Key);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "what became of activity {Name} of workflow {Workflow} could not be stored")]
    private partial void LogBroken(string name, WorkflowKey workflow, Exception e);
}
