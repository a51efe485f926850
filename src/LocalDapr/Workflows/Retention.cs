using System.Collections.Concurrent;
using LocalDapr.Scheduling;

namespace LocalDapr.Workflows;

/// <summary>Forgets instances some time after their end, where the app's settings say so.</summary>
internal sealed partial class Retention(
    WorkflowStore store, Scheduler scheduler, TimeProvider clock, ILogger log, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<string, WorkflowSettings> settings = [];

    /// <summary>From here on these count for the app, also for what ended before.</summary>
    public void Use(string app, WorkflowSettings wished)
    {
        settings[app] = wished;
        if (wished.Keep.Count == 0) return;
        foreach (var row in store.Over(app)) Plan(row);
    }

    /// <summary>An instance has ended.</summary>
    public void Plan(InstanceRow row)
    {
        if (row.Ended is { } ended && settings.GetValueOrDefault(row.Key.App)?.Keep.TryGetValue(row.Status, out var time) == true)
            scheduler.At(ended + time, () => _ = ForgetAsync(row));
    }

    private async Task ForgetAsync(InstanceRow row)
    {
        try
        {
            await store.ForgetAsync(row);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // It is planned again after the next start.
        }
        catch (Exception e)
        {
            LogKept(row.Key, e);
            scheduler.At(clock.GetUtcNow() + TimeSpan.FromMinutes(1), () => _ = ForgetAsync(row));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "workflow {Workflow} could not be forgotten at its time; it is tried again")]
    private partial void LogKept(WorkflowKey workflow, Exception e);
}
