using System.Collections.Concurrent;
using LocalDapr.Wire;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>
/// Timers registered through one sidecar: in memory, independent of whether their actor is active, gone with the sidecar. A failed tick is
/// not repeated; the next one is planned after the callback has returned.
/// </summary>
internal sealed partial class Timers(ActorCalls calls, Scheduler scheduler, TimeProvider clock, ILogger log) : IDisposable
{
    private readonly ConcurrentDictionary<ReminderKey, Timer> all = [];
    private readonly CancellationTokenSource stopping = new();

    public void Register(ReminderKey key, ReminderRequest request, ReminderSchedule schedule)
    {
        var timer = new Timer(request, schedule);
        all.AddOrUpdate(key, timer, (_, old) =>
        {
            old.Entry?.Dispose();
            return timer;
        });
        Plan(key, timer);
    }

    public void Unregister(ReminderKey key)
    {
        if (all.TryRemove(key, out var timer)) timer.Entry?.Dispose();
    }

    public void Dispose()
    {
        stopping.Cancel();
        foreach (var key in all.Keys) Unregister(key);
    }

    private void Plan(ReminderKey key, Timer timer) => timer.Entry = scheduler.At(timer.Schedule.Next, () => _ = FireAsync(key, timer));

    private async Task FireAsync(ReminderKey key, Timer timer)
    {
        if (!IsCurrent(key, timer)) return;
        try
        {
            var request = timer.Request;
            byte[] body = CallbackBody.Of(request.Data, request.Callback ?? "", request.DueTime, request.Period);
            var call = new ActorCall($"timer/{key.Name}", body) { StillWanted = () => IsCurrent(key, timer) };
            var answer = await calls.CallAsync(key.Actor, call, stopping.Token);
            if (answer.Status != 200) LogFailed(key, $"the app answered {answer.Status}");
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (ApiException e)
        {
            LogFailed(key, e.Message);
        }

        if (!IsCurrent(key, timer)) return;
        if (timer.Schedule.Advance() is not { } next)
        {
            all.TryRemove(new(key, timer));
            return;
        }

        // What was missed while the callback ran is not made up for.
        var now = clock.GetUtcNow();
        timer.Schedule = next.Next < now ? next with { Next = now } : next;
        Plan(key, timer);
    }

    private bool IsCurrent(ReminderKey key, Timer timer) => all.TryGetValue(key, out var current) && current == timer;

    private sealed class Timer(ReminderRequest request, ReminderSchedule schedule)
    {
        public ReminderRequest Request => request;

        public ReminderSchedule Schedule { get; set; } = schedule;

        public IDisposable? Entry { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "timer {Timer}: {Why}")]
    private partial void LogFailed(ReminderKey timer, string why);
}
