using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using LocalDapr.Faults;
using LocalDapr.Scheduling;

namespace LocalDapr.Workflows;

/// <summary>
/// Runs the turns of instances. Nothing of a turn is kept before its answer, all of it after: a turn that is lost on the way is simply run
/// again.
/// </summary>
internal sealed partial class Turns(
    WorkflowStore store, Func<string, Workers> workersOf, Scheduler scheduler, FaultHooks? faults, TimeProvider clock, ILogger log,
    CancellationToken stopping)
{
    /// <summary>Continue-as-new without anything in between; then it takes a breath.</summary>
    private const int MostInARow = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilOtherCode = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeepInMemory = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<WorkflowKey, Instance> instances = [];

    /// <summary>A turn was stored.</summary>
    public event Action<StoredTurn>? Stored;

    /// <summary>Something came for the instance.</summary>
    public void Wake(WorkflowKey key)
    {
        var instance = instances.GetOrAdd(key, static k => new(k));
        if (instance.Wake()) _ = Task.Run(() => RunAsync(instance));
    }

    public void WakeAt(DateTimeOffset when, WorkflowKey key) => scheduler.At(when, () => Wake(key));

    /// <summary>Lets go of what has been quiet for a while; it is read again when something comes.</summary>
    public void Sweep()
    {
        var before = clock.GetUtcNow() - KeepInMemory;
        foreach (var instance in instances.Values)
        {
            if (instance.IsAtRest && instance.LastTurn < before) instances.TryRemove(new(instance.Key, instance));
        }
    }

    private async Task RunAsync(Instance instance)
    {
        do
        {
            try
            {
                await TurnAsync(instance);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Nothing was stored: the turn is run again after the next start.
            }
            catch (Exception e)
            {
                LogBroken(instance.Key, e);
                instance.History = null;
                WakeAt(clock.GetUtcNow() + Pause, instance.Key);
            }
        }
        while (!instance.Rest());
    }

    private async Task TurnAsync(Instance instance)
    {
        LoadedInstance? loaded = null;
        Turn? turn = null;
        var isDue = false;
        var workers = workersOf(instance.Key.App);
        instance.Name ??= store.Find(instance.Key)?.Name;
        using var ask = await workers.AskAsync(new(instance.Key), instance.Name ?? "", stream =>
        {
            loaded = store.Load(instance.Key, instance.History);
            isDue = loaded is not null && IsDue(loaded);
            turn = !isDue ? null : Turn.Begin(instance.Key, loaded!.History, loaded.Inbox.Select(i => i.Event), clock.GetUtcNow());
            return turn is null ? null : WorkItems.Of(turn, stream.Tell(instance.Key, loaded!.Row.Generation, turn.Past.Count));
        });
        if (ask is null)
        {
            // What had not come yet when it was looked at waits, also when its time has come since.
            if (loaded is { Inbox.Count: > 0 } && isDue) await store.DropAsync(loaded);
            return;
        }

        if (await ask.Answer is not WorkflowResponse answer
            || faults?.NextWork(FaultKind.LoseTurnAnswer, instance.Name ?? "", instance.Key.Id) == true)
        {
            instance.Wake();
            return;
        }

        if (turn!.IsAnsweredAlready(answer))
        {
            LogStale(instance.Key);
            WakeAt(clock.GetUtcNow() + Pause, instance.Key);
            return;
        }

        var outcome = TurnEnd.Of(turn, answer, clock.GetUtcNow(), static () => Guid.NewGuid().ToString());
        if (await store.CommitAsync(loaded!, outcome) is { } stored) After(instance, workers, loaded!, outcome, stored);
        else instance.Wake();
    }

    /// <summary>An instance for later is left alone until then, unless it is to end before it began.</summary>
    private bool IsDue(LoadedInstance it) => it.Row.Status != OrchestrationStatus.Pending || it.Row.Starts is not { } starts
        || starts <= clock.GetUtcNow() || it.Inbox.Any(i => i.Event.ExecutionTerminated is not null);

    private void After(Instance instance, Workers workers, LoadedInstance before, TurnOutcome outcome, StoredTurn stored)
    {
        instance.LastTurn = clock.GetUtcNow();
        instance.History = outcome.StartsOverWith is not null ? null
            : new(stored.Row.Generation, [.. before.History, .. outcome.Added]);
        instance.StartedOver = outcome.StartsOverWith is null ? 0 : instance.StartedOver + 1;
        if (outcome.StartsOverWith is not null || outcome.IsStalled || stored.Row.IsOver) workers.Forget(instance.Key);
        if (stored.Row.IsOver) instances.TryRemove(new(instance.Key, instance));
        if (outcome.IsStalled)
        {
            LogStalled(instance.Key);
            WakeAt(clock.GetUtcNow() + UntilOtherCode, instance.Key);
        }

        if (instance.StartedOver > MostInARow)
        {
            instance.StartedOver = 0;
            stored.Woken.Remove(instance.Key);
            WakeAt(clock.GetUtcNow() + Pause, instance.Key);
        }

        Stored?.Invoke(stored);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a turn of workflow {Workflow} could not be run; it is tried again")]
    private partial void LogBroken(WorkflowKey workflow, Exception e);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "an answer for workflow {Workflow} was that of an earlier turn; the turn is run again")]
    private partial void LogStale(WorkflowKey workflow);

    [LoggerMessage(Level = LogLevel.Warning, Message = "workflow {Workflow} is stalled: it waits for a worker with the code it began with")]
    private partial void LogStalled(WorkflowKey workflow);
}
