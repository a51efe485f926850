using LocalDapr.Actors;
using LocalDapr.Configuration;
using LocalDapr.Faults;
using LocalDapr.Invocation;
using LocalDapr.Locks;
using LocalDapr.PubSub;
using LocalDapr.Scheduling;
using LocalDapr.State;
using LocalDapr.Workflows;

namespace LocalDapr;

/// <summary>The parts of a host that its sidecars have in common. Only the two places that put parts together know it.</summary>
internal sealed class SharedParts : IAsyncDisposable
{
    public SharedParts(LocalDaprOptions options)
    {
        Options = options;
        if (options.EnableFaults) Faults = new();
        Scheduler = new(options.Clock);
        Placement = new(Log("Placement"));
        Database = Database.Open(options.Folder, options.SurvivePowerCut);
        StateStores = new(Database, options.Clock, Faults);
        new Sweeper(Database, Scheduler, options.Clock).Start();
        LockStore = new(Database, options.Clock);
        ConfigurationStore = new(Database);
        Brokers = new(options.Clock, options.Logs);
        var calls = new ActorCalls(Placement, caller: null, policies: null, Faults, options.Clock, Log("Actors"));
        Reminders = new(new(Database), Scheduler, Placement, calls, options.Clock, Log("Reminders"));
        Workflows = new(Database, Scheduler, Faults, options.Clock, Log("Workflows"));
        Workflows.Start();
    }

    public LocalDaprOptions Options { get; }

    public FaultHooks? Faults { get; }

    public Scheduler Scheduler { get; }

    public Placement Placement { get; }

    public StateStores StateStores { get; }

    public LockStore LockStore { get; }

    public ConfigurationStore ConfigurationStore { get; }

    public Brokers Brokers { get; }

    public Reminders Reminders { get; }

    public WorkflowRuntime Workflows { get; }

#pragma warning disable RS0030 // Here chance comes in.
    public AppDirectory Apps { get; } = new(Random.Shared.NextDouble);
#pragma warning restore RS0030

    private Database Database { get; }

    public ILogger Log(string what) => Options.Logs.CreateLogger("LocalDapr." + what);

    public async ValueTask DisposeAsync()
    {
        await Reminders.DisposeAsync();
        Workflows.Dispose();
        Brokers.Dispose();
        Scheduler.Dispose();
        await Database.DisposeAsync();
    }
}
