using LocalDapr.Actors;
using LocalDapr.Api;
using LocalDapr.Apps;
using LocalDapr.Components;
using LocalDapr.Configuration;
using LocalDapr.Health;
using LocalDapr.Invocation;
using LocalDapr.Locks;
using LocalDapr.Metadata;
using LocalDapr.PubSub;
using LocalDapr.Resiliency;
using LocalDapr.Secrets;
using LocalDapr.State;

namespace LocalDapr;

/// <summary>The sidecar of one app process. Disposing it is what the end of daprd is: its actors move, its timers end.</summary>
public sealed partial class Sidecar : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly AppWatch watch;
    private readonly ILogger log;
    private volatile TaskCompletionSource ready = NewSignal();
    private volatile bool appHealthy;
    private Task watching = Task.CompletedTask;
    private WebApplication? server;
    private Task? ended;

    private Sidecar(LocalDaprHost host, SidecarOptions options, string replicaName, Resources resources)
    {
        Host = host;
        Options = options;
        ReplicaName = replicaName;
        NameHash = Rendezvous.Hash(replicaName);
        log = host.Options.Logs.CreateLogger("LocalDapr.Sidecar");
        Resources = resources;
        App = new(options, host.Options.AppToken);
        watch = new(options, App, host.Options.Clock, host.Options.Logs.CreateLogger("LocalDapr.Health"));
        Callbacks = new(App, options.AppId, host.FaultsOrNone, host.Options.Clock);
        Actors = new(this, host.Placement, host.Scheduler, host.Options.Clock, host.Options.Logs.CreateLogger("LocalDapr.Actors"));
        Timers = new(this, host.ActorCalls, host.Scheduler, host.Options.Clock, host.Options.Logs.CreateLogger("LocalDapr.Timers"));
        Subscriptions = new(this, host.PubSubs, host.Options.Clock, host.Options.Logs.CreateLogger("LocalDapr.PubSub"));
        State = new(this, host.StateStores);
        Metadata = new(this);
        ActorsApi = new(this, host.ActorCalls);
        ActorState = new(this);
        Reminders = new(this, host.Reminders, Timers, host.Options.Clock);
        Invocation = new(this, host.Apps, host.Options.Clock, host.Options.Logs.CreateLogger("LocalDapr.Invocation"));
        Locks = new(this, host.LockStore);
        Configuration = new(this, host.ConfigurationStore, host.Options.Logs.CreateLogger("LocalDapr.Configuration"));
        Secrets = new(this);
        Policies = new(resources.Resiliency, host.Options.Clock);
    }

    /// <summary>The app id.</summary>
    public string AppId => Options.AppId;

    /// <summary>Which replica of the app id.</summary>
    public string ReplicaName { get; }

    /// <summary>Where the HTTP API listens.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Where the gRPC API listens.</summary>
    public int GrpcPort { get; private set; }

    /// <summary>What the sidecar knows at this moment.</summary>
    public SidecarStatus Status => new(
        AppId, ReplicaName, HttpPort, GrpcPort, Options.AppPort, AppHealthy, AppHealthy ? null : watch.WhyUnhealthy,
        [.. HostedTypes.Order(StringComparer.Ordinal)], Actors.Count, [.. Subscriptions.Current.Select(s => $"{s.PubSub}/{s.Topic}")]);

    internal LocalDaprHost Host { get; }

    internal SidecarOptions Options { get; }

    internal ulong NameHash { get; }

    internal ActorTable Actors { get; }

    internal ActorCallbacks Callbacks { get; }

    internal AppChannel App { get; }

    internal Resources Resources { get; }

    internal Policies Policies { get; }

    internal Timers Timers { get; }

    internal StateAccess State { get; }

    internal PubSubs PubSubs => Host.PubSubs;

    internal Subscriptions Subscriptions { get; }

    internal MetadataApi Metadata { get; }

    internal ActorsApi ActorsApi { get; }

    internal ActorStateApi ActorState { get; }

    internal RemindersApi Reminders { get; }

    internal InvocationApi Invocation { get; }

    internal LockApi Locks { get; }

    internal ConfigurationApi Configuration { get; }

    internal SecretsApi Secrets { get; }

    internal bool AppHealthy => appHealthy;

    internal bool AppListens => watch.Listens;

    internal bool WasReady { get; private set; }

    /// <summary>What this replica believes while it is cut off from placement; null in ordinary times.</summary>
    internal PlacementTable? CutOffView { get; set; }

    internal IReadOnlyCollection<string> HostedTypes =>
        [.. Actors.Types.Keys.Where(type => Host.Placement.Hosts(this, type))];

    /// <summary>
    /// Completes when the app is healthy, its subscriptions run and its actor types are placed; at once for a sidecar without an app.
    /// After the app was lost it waits for its return.
    /// </summary>
    public Task WhenReadyAsync(CancellationToken cancel = default) => ready.Task.WaitAsync(cancel);

    /// <summary>The app's process has ended: its actors are taken over now, without waiting for a probe to tell.</summary>
    public void ReportAppExited() => watch.Suspect();

    /// <summary>Lets actors drain, leaves placement, stops listening.</summary>
    public ValueTask DisposeAsync()
    {
        lock (stopping) return new(ended ??= EndAsync());
    }

    internal static async Task<Sidecar> StartAsync(
        LocalDaprHost host, SidecarOptions options, string replicaName, CancellationToken cancel)
    {
        var sidecar = new Sidecar(host, options, replicaName, host.ResourcesOf(options));
        var http = Listeners.Bind(options.HttpPort, $"the HTTP API of {replicaName}");
        Listeners? grpc = null;
        try
        {
            grpc = Listeners.Bind(options.GrpcPort, $"the gRPC API of {replicaName}");
            (sidecar.HttpPort, sidecar.GrpcPort) = (http.Port, grpc.Port);
            var api = new HttpApi(
                sidecar,
                new StateApi(sidecar.State),
                new PublishApi(sidecar, host.PubSubs),
                new HealthApi(sidecar),
                host.Options.Logs.CreateLogger("LocalDapr.Api"));
            sidecar.server = await SidecarServer.StartAsync(sidecar, api, http, grpc, host.Options.Logs, cancel);
        }
        catch
        {
            http.Close();
            grpc?.Close();
            sidecar.App.Dispose();
            throw;
        }

        host.Apps.Add(sidecar);
        sidecar.watching = sidecar.FollowAppAsync();
        return sidecar;
    }

    /// <summary>Whether the caller showed the API token, if one is asked for.</summary>
    internal bool MayCall(IHeaderDictionary headers, RequestPath path) =>
        Host.Options.ApiToken is not { Length: > 0 } token
        || path.Segments is ["v1.0", "healthz", ..]
        || headers[DaprHeaders.ApiToken] == token;

    /// <summary>The app asked its sidecar to end: the answer goes out first.</summary>
    internal void StopSoon() => Host.Scheduler.At(Host.Options.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(100), () => _ = DisposeAsync().AsTask());

    private async Task EndAsync()
    {
        await stopping.CancelAsync();
        await watching;
        Timers.Dispose();
        Subscriptions.Stop();
        Host.Apps.Remove(this);
        await Host.Placement.LeaveAsync(this);
        appHealthy = false;
        Host.Remove(this);
        if (server is not null)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        App.Dispose();
        stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
