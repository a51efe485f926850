using LocalDapr.Actors;
using LocalDapr.Components;
using LocalDapr.Configuration;
using LocalDapr.Invocation;
using LocalDapr.Locks;
using LocalDapr.PubSub;
using LocalDapr.Scheduling;
using LocalDapr.State;

namespace LocalDapr;

/// <summary>The runtime that all sidecars of this machine share: state, placement, reminders, pub/sub. It needs no other process.</summary>
public sealed class LocalDaprHost : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<Sidecar> sidecars = [];
    private readonly Dictionary<string, int> replicas = [];
    private readonly Resources resources;

    private LocalDaprHost(LocalDaprOptions options)
    {
        Options = options;
        resources = Load(options.ResourcesPaths, options.ConfigurationFiles);
        if (options.EnableFaults) FaultsOrNone = new();
        Scheduler = new(options.Clock);
        Placement = new(options.Logs.CreateLogger("LocalDapr.Placement"));
        Database = Database.Open(options.Folder, options.SurvivePowerCut);
        StateStores = new(Database, options.Clock, FaultsOrNone);
        new Sweeper(Database, Scheduler, options.Clock).Start();
        LockStore = new(Database, options.Clock);
        ConfigurationStore = new(Database);
        PubSubs = new(options.Clock, FaultsOrNone, options.Logs);
        ActorCalls = new(Placement, options.Clock, options.Logs.CreateLogger("LocalDapr.Actors"));
        Reminders = new(
            new(Database), Scheduler, Placement, ActorCalls, options.Clock, options.Logs.CreateLogger("LocalDapr.Reminders"));
    }

    /// <summary>Faults to order, for tests.</summary>
    /// <exception cref="InvalidOperationException">The host was started without <see cref="LocalDaprOptions.EnableFaults"/>.</exception>
    public FaultHooks Faults => FaultsOrNone
        ?? throw new InvalidOperationException("Fault hooks are off: start the host with LocalDaprOptions { EnableFaults = true }.");

    /// <summary>The sidecars that run now.</summary>
    public IReadOnlyList<Sidecar> Sidecars
    {
        get
        {
            lock (gate) return [.. sidecars];
        }
    }

    internal LocalDaprOptions Options { get; }

    internal FaultHooks? FaultsOrNone { get; }

    internal Scheduler Scheduler { get; }

    internal Placement Placement { get; }

    internal ActorCalls ActorCalls { get; }

    internal Database Database { get; }

    internal StateStores StateStores { get; }

    internal LockStore LockStore { get; }

    internal ConfigurationStore ConfigurationStore { get; }

    internal PubSubs PubSubs { get; }

    internal Reminders Reminders { get; }

    internal AppDirectory Apps { get; } = new();

    /// <summary>Opens the folder and reads the components; refuses with a reason what it cannot serve.</summary>
    public static Task<LocalDaprHost> StartAsync(LocalDaprOptions options, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(new LocalDaprHost(options));
    }

    /// <summary>
    /// Starts a sidecar. It listens when this returns, and takes the app in whenever that appears. Several sidecars of one app id are
    /// replicas of it.
    /// </summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task<Sidecar> AddSidecarAsync(SidecarOptions options, CancellationToken cancel = default)
    {
        var sidecar = await Sidecar.StartAsync(this, options, options.ReplicaName ?? NextName(options.AppId), cancel);
        lock (gate) sidecars.Add(sidecar);
        return sidecar;
    }

    /// <summary>Writes a configuration item; Dapr's own API can only read them, a Redis client would write them beside it.</summary>
    public Task SetConfigurationAsync(string store, string key, string value, string version = "1") =>
        ConfigurationStore.SetAsync(store, new(key, value, version));

    /// <summary>Stops all sidecars, then what they share.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Sidecars.Select(s => s.DisposeAsync().AsTask()));
        await Reminders.DisposeAsync();
        PubSubs.Dispose();
        Scheduler.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>What the app sees: its own folders and configuration where it names any, those of the host otherwise.</summary>
    internal Resources ResourcesOf(SidecarOptions options)
    {
        if (options.ResourcesPaths.Count == 0 && options.ConfigurationFile is null) return resources.For(options.AppId);
        var own = Load(
            options.ResourcesPaths.Count > 0 ? options.ResourcesPaths : Options.ResourcesPaths,
            options.ConfigurationFile is { } file ? [file] : Options.ConfigurationFiles);
        return own.For(options.AppId);
    }

    internal void Remove(Sidecar sidecar)
    {
        Placement.Forget(sidecar);
        lock (gate) sidecars.Remove(sidecar);
    }

    private Resources Load(IReadOnlyList<string> folders, IReadOnlyList<string> configurationFiles)
    {
        var loaded = new ResourceLoader(Options.Logs.CreateLogger("LocalDapr.Components")).Load(folders, configurationFiles);
        return folders.Count > 0 ? loaded : loaded with { Components = Resources.Default.Components };
    }

    private string NextName(string appId)
    {
        lock (gate)
        {
            int number = replicas[appId] = replicas.GetValueOrDefault(appId) + 1;
            return $"{appId}-{number}";
        }
    }
}
