using System.Collections.Concurrent;
using LocalDapr.Wire;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>
/// Fires reminders: at least once, one tick of a reminder after the other, progress committed after the app's 200. A tick whose type nobody
/// hosts is parked until somebody does.
/// </summary>
internal sealed partial class Reminders : IAsyncDisposable
{
    private const int Retries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<ReminderKey, Active> all = [];
    private readonly ConcurrentDictionary<Active, bool> parked = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly ReminderTable table;
    private readonly Scheduler scheduler;
    private readonly Placement placement;
    private readonly ActorCalls calls;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private long lastVersion;

    public Reminders(ReminderTable table, Scheduler scheduler, Placement placement, ActorCalls calls, TimeProvider clock, ILogger log)
    {
        (this.table, this.scheduler, this.placement, this.calls, this.clock, this.log) = (table, scheduler, placement, calls, clock, log);
        lastVersion = clock.GetUtcNow().UtcTicks;
        foreach (var reminder in table.All())
        {
            lastVersion = Math.Max(lastVersion, reminder.Version);
            var active = all[reminder.Key] = new(reminder);
            Plan(active, reminder.Schedule.Next);
        }

        placement.Changed += LookAtParked;
    }

    public Reminder? Find(ReminderKey key) => all.TryGetValue(key, out var active) ? active.Reminder : null;

    /// <summary>Registers or replaces; durable when it completes.</summary>
    public async Task RegisterAsync(ReminderKey key, ReminderRequest request, ReminderSchedule schedule)
    {
        var active = new Active(new(key, Interlocked.Increment(ref lastVersion), request, schedule));
        if (!request.Overwrite && all.ContainsKey(key)) throw Exists(key);
        await table.SaveAsync(active.Reminder);
        all.AddOrUpdate(key, active, (_, old) =>
        {
            if (old.Reminder.Version > active.Reminder.Version) return old;
            old.Forget();
            return active;
        });
        if (all.TryGetValue(key, out var now) && now == active) Plan(active, schedule.Next);
    }

    /// <summary>Unknown names are no error: what is wished is that it does not fire.</summary>
    public async Task UnregisterAsync(ReminderKey key)
    {
        if (!all.TryRemove(key, out var active)) return;
        active.Forget();
        parked.TryRemove(active, out _);
        await table.DeleteAsync(active.Reminder);
    }

    public async ValueTask DisposeAsync()
    {
        placement.Changed -= LookAtParked;
        await stopping.CancelAsync();
    }

    private static ApiException Exists(ReminderKey key) =>
        new(409, "ERR_ACTOR_REMINDER_ALREADY_EXISTS", $"a reminder named {key.Name} already exists for actor {key.Actor}");

    private bool IsCurrent(Active active) => all.TryGetValue(active.Reminder.Key, out var current) && current == active;

    private void Plan(Active active, DateTimeOffset when) => active.Entry = scheduler.At(when, () => _ = FireAsync(active));

    private void LookAtParked()
    {
        foreach (var active in parked.Keys)
        {
            if (placement.Hosts(active.Reminder.Key.Actor.Type) && parked.TryRemove(active, out _)) _ = Task.Run(() => FireAsync(active));
        }
    }

    private async Task FireAsync(Active active)
    {
        try
        {
            if (!IsCurrent(active) || stopping.IsCancellationRequested) return;
            if (Park(active)) return;
            if (await DeliverAsync(active)) await StepAsync(active);
            else if (Park(active)) return;
            else if (++active.Failures <= Retries) Plan(active, clock.GetUtcNow() + Pause);
            else
            {
                LogGivenUp(active.Reminder.Key);
                await StepAsync(active);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the tick is not committed and comes again after the next start.
        }
        catch (Exception e)
        {
            LogBroken(active.Reminder.Key, e);
            if (IsCurrent(active)) Plan(active, clock.GetUtcNow() + Pause);
        }
    }

    private bool Park(Active active)
    {
        if (placement.Hosts(active.Reminder.Key.Actor.Type)) return false;
        parked[active] = true;
        // A host may have come between the question and the parking.
        if (placement.Hosts(active.Reminder.Key.Actor.Type)) LookAtParked();
        return true;
    }

    private async Task<bool> DeliverAsync(Active active)
    {
        var (key, request) = (active.Reminder.Key, active.Reminder.Request);
        byte[] body = CallbackBody.Of(request.Data, callback: null, dueTime: "", period: "");
        try
        {
            var call = new ActorCall($"remind/{key.Name}", body) { StillWanted = () => IsCurrent(active) };
            var answer = await calls.CallAsync(key.Actor, call, stopping.Token);
            if (answer.Status == 200 && answer.Header(DaprHeaders.ActorError) is null) return true;
            LogFailed(key, $"the app answered {answer.Status}");
        }
        catch (ApiException e)
        {
            LogFailed(key, e.Message);
        }

        return false;
    }

    private async Task StepAsync(Active active)
    {
        active.Failures = 0;
        if (!IsCurrent(active)) return;
        if (active.Reminder.Schedule.Advance() is not { } next)
        {
            if (all.TryRemove(new(active.Reminder.Key, active))) await table.DeleteAsync(active.Reminder);
            return;
        }

        active.Reminder = active.Reminder with { Schedule = next };
        await table.AdvanceAsync(active.Reminder);
        if (IsCurrent(active)) Plan(active, next.Next);
    }

    /// <summary>One version of a reminder; a class, because two are the same only if they are one.</summary>
    private sealed class Active(Reminder reminder)
    {
        public Reminder Reminder { get; set; } = reminder;

        public int Failures { get; set; }

        public IDisposable? Entry { get; set; }

        public void Forget() => Entry?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "reminder {Reminder} was not taken: {Why}")]
    private partial void LogFailed(ReminderKey reminder, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "reminder {Reminder} was not taken after all retries; this tick is given up")]
    private partial void LogGivenUp(ReminderKey reminder);

    [LoggerMessage(Level = LogLevel.Error, Message = "reminder {Reminder} could not be brought forward")]
    private partial void LogBroken(ReminderKey reminder, Exception e);
}
