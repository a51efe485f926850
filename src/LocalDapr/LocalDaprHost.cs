using LocalDapr.Actors;
using LocalDapr.Scheduling;

namespace LocalDapr;

/// <summary>The runtime that all sidecars of this machine share: state, placement, reminders, pub/sub. It needs no other process.</summary>
public sealed class LocalDaprHost : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<Sidecar> sidecars = [];
    private readonly Dictionary<string, int> replicas = [];

    private LocalDaprHost(LocalDaprOptions options)
    {
        Options = options;
        if (options.EnableFaults) FaultsOrNone = new();
        Scheduler = new(options.Clock);
        Placement = new(options.Logs.CreateLogger("LocalDapr.Placement"));
        ActorCalls = new(Placement, options.Clock, options.Logs.CreateLogger("LocalDapr.Actors"));
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

    /// <summary>Stops all sidecars, then what they share.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Sidecars.Select(s => s.DisposeAsync().AsTask()));
        Scheduler.Dispose();
    }

    internal void Remove(Sidecar sidecar)
    {
        Placement.Forget(sidecar);
        lock (gate) sidecars.Remove(sidecar);
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
