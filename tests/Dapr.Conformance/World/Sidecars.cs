using LocalDapr;

namespace Conformance.World;

/// <summary>
/// Where the sidecars come from: given by <see cref="Variable"/>, or LocalDapr in memory.
/// This file and LocalDaprOnly/ are the only places that know LocalDapr; everything else would run on any Dapr.
/// </summary>
public sealed class Sidecars : IAsyncDisposable
{
    public const string Variable = "DAPR_CONFORMANCE_SIDECARS";

    private readonly List<Address> _given;
    private readonly LocalDaprHost? _ours;

    private Sidecars(List<Address> given, LocalDaprHost? ours) => (_given, _ours) = (given, ours);

    /// <summary>Whether somebody else started the sidecars.</summary>
    public static bool AreForeign => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Variable));

    public static async Task<Sidecars> Open(CancellationToken cancel) => AreForeign
        ? new Sidecars([.. Address.Read(Environment.GetEnvironmentVariable(Variable)!)], ours: null)
        : new Sidecars([], await LocalDaprHost.StartAsync(InMemory, cancel));

    /// <summary>The next sidecar of an app id, and the port its application has to listen on; null if nobody started one.</summary>
    public async Task<(Address Address, AppPort Port)?> TryTake(string appId, CancellationToken cancel)
    {
        if (_ours is null)
        {
            if (_given.Find(address => address.AppId == appId) is not { } given) return null;
            _given.Remove(given);
            return (given, AppPort.Given(given.AppPort));
        }

        var port = AppPort.FromTheSystem();
        var sidecar = await _ours.AddSidecarAsync(
            new SidecarOptions
            {
                AppId = appId, AppPort = port.Number, EnableAppHealthCheck = true,
                AppHealthProbeInterval = TimeSpan.FromSeconds(1), AppHealthProbeTimeout = TimeSpan.FromSeconds(3), AppHealthThreshold = 2,
            },
            cancel);
        return (new Address(appId, port.Number, sidecar.HttpPort, sidecar.GrpcPort), port);
    }

    /// <summary>Changes an item of the configuration store, for which Dapr has no API; false when it is somebody else's.</summary>
    public async Task<bool> TryConfigure(string key, string value, string version)
    {
        if (_ours is null) return false;
        await _ours.SetConfigurationAsync("configstore", key, value, version);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ours is not null) await _ours.DisposeAsync();
    }

    /// <summary>The same resources that a foreign sidecar is started with; LocalDapr serves them from memory.</summary>
    private static LocalDaprOptions InMemory =>
        new() { Folder = null, ResourcesPaths = [Path.Combine(AppContext.BaseDirectory, "components")] };
}
