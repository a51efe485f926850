using Conformance.Apps;
using Conformance.JavaScript;
using Conformance.World;

[assembly: AssemblyFixture(typeof(DaprWorld))]

namespace Conformance.World;

/// <summary>Two app ids, two replicas of the first: the applications under every test, each beside its own sidecar.</summary>
public sealed class DaprWorld : IAsyncLifetime
{
    private readonly List<Replica> _all = [];
    private Sidecars? _sidecars;

    public Replica A1 => _all[0];
    public Replica A2 => _all[1];
    public Replica B => _all[2];
    public IReadOnlyList<Replica> Replicas => _all;

    /// <summary>The other replica of the same app id.</summary>
    public Replica Beside(Replica replica) => replica == A1 ? A2 : A1;
    public Replica Named(string name) => _all.Single(replica => replica.Name == name);

    public async ValueTask InitializeAsync()
    {
        await Packages.Prepare();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        _sidecars = await Sidecars.Open(deadline.Token);
        _all.Add(await Add("a1", "conformance-a", SdkApp.Build, deadline.Token));
        _all.Add(await Add("a2", "conformance-a", SdkApp.Build, deadline.Token));
        _all.Add(await Add("b", "conformance-b", WireApp.Build, deadline.Token));
        foreach (var replica in _all) await Ready(replica, deadline.Token);
    }

    /// <summary>Waits until a sidecar is ready and every actor type of the world can be called through it.</summary>
    public static async Task Ready(Replica replica, CancellationToken cancel)
    {
        await Eventually.Become(
            async () => (int)(await replica.Http.GetAsync("/v1.0/healthz", cancel)).StatusCode, status => status == 204,
            TimeSpan.FromSeconds(30), $"sidecar of {replica.Name} is ready", cancel);
        foreach (var type in ActorTypes.All)
            await Eventually.Become(
                async () => (int)(await replica.Http.PutAsync(
                    $"/v1.0/actors/{type}/{Unique.Name("hello")}/method/Hello", null, cancel)).StatusCode,
                status => status == 200, TimeSpan.FromSeconds(30), $"{type} answers through the sidecar of {replica.Name}", cancel);
    }

    /// <summary>A sidecar for an application that is not of this process.</summary>
    public Task<(Address Address, AppPort Port)?> TrySidecar(string appId, CancellationToken cancel) => _sidecars!.TryTake(appId, cancel);

    /// <inheritdoc cref="Sidecars.TryConfigure"/>
    public Task<bool> TryConfigure(string key, string value, string version) => _sidecars!.TryConfigure(key, value, version);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _all) await replica.DisposeAsync();
        if (_sidecars is not null) await _sidecars.DisposeAsync();
    }

    private async Task<Replica> Add(
        string name, string appId, Func<Replica, Microsoft.AspNetCore.Builder.WebApplication> build, CancellationToken cancel)
    {
        var (address, port) = await TrySidecar(appId, cancel)
            ?? throw new InvalidOperationException($"{Sidecars.Variable} names too few sidecars of {appId}");
        var replica = new Replica(name, address, port, build);
        await replica.Start(cancel);
        return replica;
    }
}
