using LocalDapr.Faults;

namespace LocalDapr;

/// <summary>The runtime that all sidecars of this machine share: state, placement, reminders, pub/sub. It needs no other process.</summary>
public sealed class LocalDaprHost : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<Sidecar> sidecars = [];
    private readonly Dictionary<string, int> replicas = [];
    private readonly LocalDaprOptions options;
    private readonly LoadedResources resources;
    private readonly SharedParts shared;

    private LocalDaprHost(LocalDaprOptions options)
    {
        this.options = options;
        resources = Load(options.ResourcesPaths, options.ConfigurationFiles);
        shared = new(options);
    }

    /// <summary>Faults to order, for tests.</summary>
    /// <exception cref="InvalidOperationException">The host was started without <see cref="LocalDaprOptions.EnableFaults"/>.</exception>
    public FaultHooks Faults => shared.Faults
        ?? throw new InvalidOperationException("Fault hooks are off: start the host with LocalDaprOptions { EnableFaults = true }.");

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
        var sidecar = await Sidecar.StartAsync(
            shared, options, options.ReplicaName ?? NextName(options.AppId), ResourcesOf(options), Remove, cancel);
        lock (gate) sidecars.Add(sidecar);
        return sidecar;
    }

    /// <summary>Writes a configuration item; Dapr's own API can only read them, a Redis client would write them beside it.</summary>
    public Task SetConfigurationAsync(string store, string key, string value, string version = "1") =>
        shared.ConfigurationStore.SetAsync(store, new(key, value, version));

    /// <summary>Stops all sidecars, then what they share.</summary>
    public async ValueTask DisposeAsync()
    {
        Sidecar[] all;
        lock (gate) all = [.. sidecars];
        await Task.WhenAll(all.Select(s => s.DisposeAsync().AsTask()));
        await shared.DisposeAsync();
    }

    /// <summary>What the app sees: its own folders and configuration where it names any, those of the host otherwise.</summary>
    private LoadedResources ResourcesOf(SidecarOptions sidecar)
    {
        if (sidecar.ResourcesPaths.Count == 0 && sidecar.ConfigurationFile is null) return resources.For(sidecar.AppId);
        var own = Load(
            sidecar.ResourcesPaths.Count > 0 ? sidecar.ResourcesPaths : options.ResourcesPaths,
            sidecar.ConfigurationFile is { } file ? [file] : options.ConfigurationFiles);
        return own.For(sidecar.AppId);
    }

    private LoadedResources Load(IReadOnlyList<string> folders, IReadOnlyList<string> configurationFiles) =>
        LoadedResources.Load(folders, configurationFiles, options.Logs.CreateLogger("LocalDapr.Components"));

    private void Remove(Sidecar sidecar)
    {
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
