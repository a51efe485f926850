using System.Collections.Concurrent;
using LocalDapr.Faults;
using LocalDapr.Scheduling;
using LocalDapr.State;

namespace LocalDapr.Workflows;

/// <summary>All workflows of a host, whatever their app.</summary>
internal sealed class WorkflowRuntime : IDisposable
{
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Workers> workers = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Scheduler scheduler;
    private readonly TimeProvider clock;
    private readonly Turns turns;
    private readonly Activities activities;
    private readonly WorkflowTimers timers;
    private readonly Retention retention;

    public WorkflowRuntime(Database database, Scheduler scheduler, FaultHooks? faults, TimeProvider clock, ILogger log)
    {
        (this.scheduler, this.clock) = (scheduler, clock);
        Store = new(database, clock);
        turns = new(Store, WorkersOf, scheduler, faults, clock, log, stopping.Token);
        activities = new(Store, WorkersOf, turns.Wake, faults, clock, log, stopping.Token);
        timers = new(Store, turns.Wake, scheduler, clock, log, stopping.Token);
        retention = new(Store, scheduler, clock, log, stopping.Token);
        turns.Stored += After;
    }

    public WorkflowStore Store { get; }

    public Watches Watches { get; } = new();

    public Workers WorkersOf(string app) => workers.GetOrAdd(app, static _ => new());

    /// <summary>Takes up what was under way when the process ended.</summary>
    public void Start()
    {
        var outstanding = Store.Outstanding();
        foreach (var timer in outstanding.Timers) timers.Start(timer);
        foreach (var row in outstanding.Later) turns.WakeAt(row.Starts!.Value, row.Key);
        foreach (var task in outstanding.Tasks) activities.Start(task);
        foreach (var key in outstanding.Waiting) turns.Wake(key);
        PlanSweep();
    }

    /// <summary>From here on these settings count for the app.</summary>
    public void Use(string app, WorkflowSettings settings)
    {
        WorkersOf(app).Use(settings);
        retention.Use(app, settings);
    }

    /// <summary>Something came for the instance.</summary>
    public void Wake(WorkflowKey key) => turns.Wake(key);

    public void WakeAt(DateTimeOffset when, WorkflowKey key) => turns.WakeAt(when, key);

    /// <summary>From here on nothing is stored; what was under way is taken up after the next start.</summary>
    public void Dispose() => stopping.Cancel();

    /// <summary>An instance was stored that others have not seen.</summary>
    public void Begun(StoredTurn stored) => After(stored);

    private void After(StoredTurn stored)
    {
        foreach (var task in stored.Tasks) activities.Start(task);
        foreach (var timer in stored.Timers) timers.Start(timer);
        foreach (var (key, started, _) in stored.Later)
            turns.WakeAt(started.ExecutionStarted.ScheduledStartTimestamp.ToDateTimeOffset(), key);
        foreach (var key in stored.Woken) turns.Wake(key);
        retention.Plan(stored.Row);
        Watches.Changed(stored.Row.Key);
    }

    private void PlanSweep() => scheduler.At(clock.GetUtcNow() + BetweenSweeps, () =>
    {
        turns.Sweep();
        PlanSweep();
    });
}
