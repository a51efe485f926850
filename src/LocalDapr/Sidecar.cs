using LocalDapr.Actors;
using LocalDapr.Api;
using LocalDapr.Apps;
using LocalDapr.Health;
using LocalDapr.PubSub;
using LocalDapr.Resiliency;
using LocalDapr.Server;
using LocalDapr.State;
using LocalDapr.Workflows;

namespace LocalDapr;

/// <summary>The sidecar of one app process. Disposing it is what the end of daprd is: its actors move, its timers end.</summary>
public sealed partial class Sidecar : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Readiness readiness = new();
    private readonly SharedParts shared;
    private readonly SidecarOptions options;
    private readonly App app;
    private readonly StateAccess state;
    private readonly ActorTable actors;
    private readonly Timers timers;
    private readonly Subscriptions subscriptions;
    private readonly WorkerApi workers;
    private readonly SidecarApi api;
    private readonly Action<Sidecar> ends;
    private readonly ILogger log;
    private Task following = Task.CompletedTask;
    private WebApplication? server;
    private Task? ended;

    private Sidecar(SharedParts shared, SidecarOptions options, string replicaName, LoadedResources loaded, Action<Sidecar> ends)
    {
        (this.shared, this.options, this.ends, ReplicaName) = (shared, options, ends, replicaName);
        var (resources, resiliency, settings, declared) = loaded;
        var clock = shared.Options.Clock;
        log = shared.Log("Sidecar");

        var appOptions = options.AppOptions(shared.Options.AppToken);
        var channel = new AppChannel(appOptions);
        app = new(appOptions, channel, new(appOptions, channel, clock, shared.Log("Health")));
        var policies = new Policies(resiliency, clock);
        state = new(AppId, resources, shared.StateStores);

        var callbacks = new ActorCallbacks(channel, AppId, shared.Faults, clock);
        actors = new(replicaName, app.Watch, callbacks, policies, shared.Placement, shared.Scheduler, clock, shared.Log("Actors"));
        var calls = new ActorCalls(shared.Placement, actors, policies, shared.Faults, clock, shared.Log("Actors"));
        timers = new(calls, shared.Scheduler, clock, shared.Log("Timers"));

        var pubSubs = new PubSubs(AppId, resources, shared.Brokers, shared.Faults, clock);
        subscriptions = new(app, declared, policies, pubSubs, clock, shared.Log("PubSub"));

        int mostBytes = (int)Math.Min(options.MaxBodySize, int.MaxValue);
        workers = new(AppId, mostBytes, settings, shared.Workflows, shared.Scheduler, clock);
        shared.Workflows.Use(AppId, settings);
        var workflows = new WorkflowApi(AppId, state.ActorStore is not null, shared.Workflows, clock, stopping.Token);

        api = new()
        {
            Token = new(shared.Options.ApiToken),
            Actors = new(calls),
            ActorState = new(AppId, state, actors, resources.Features),
            Reminders = new(actors, shared.Reminders, timers, clock),
            State = state,
            PubSubs = pubSubs,
            Subscriptions = subscriptions,
            Invocation = new(app, shared.Apps, policies, shared.Faults, clock, shared.Log("Invocation")),
            Locks = new(AppId, resources, shared.LockStore),
            Configuration = new(resources, shared.ConfigurationStore, channel, clock, shared.Log("Configuration")),
            Secrets = new(resources),
            Workflows = workflows,
            StrictWorkflows = new(workflows, clock),
            Workers = workers,
            MostBytes = mostBytes,
            Metadata = new(appOptions, resources, actors, subscriptions, workers, readiness),
            Health = new(AppId, readiness),
            StopSoon = StopSoon,
        };
    }

    /// <summary>The app id.</summary>
    public string AppId => options.AppId;

    /// <summary>Which replica of the app id.</summary>
    public string ReplicaName { get; }

    /// <summary>Where the HTTP API listens.</summary>
    public int HttpPort { get; private set; }

    /// <summary>Where the gRPC API listens.</summary>
    public int GrpcPort { get; private set; }

    /// <summary>What the sidecar knows of its app at this moment.</summary>
    public SidecarStatus Status => app.Watch.Healthy ? new(true, null) : new(false, app.Watch.WhyUnhealthy);

    /// <summary>
    /// Completes when the app is healthy, its subscriptions run and its actor types are placed; at once for a sidecar without an app.
    /// After the app was lost it waits for its return.
    /// </summary>
    public Task WhenReadyAsync(CancellationToken cancel = default) => readiness.WhenReachedAsync(cancel);

    /// <summary>Completes when it is gone: disposed, or shut down by whoever called its API. Its ports are free then.</summary>
    public Task Ended => over.Task;

    /// <summary>The app's process has ended: its actors are taken over now, without waiting for a probe to tell.</summary>
    public void ReportAppExited() => app.Watch.Suspect();

    /// <summary>Lets actors drain, leaves placement, stops listening.</summary>
    public ValueTask DisposeAsync()
    {
        lock (stopping) return new(ended ??= EndAsync());
    }

    internal static async Task<Sidecar> StartAsync(
        SharedParts shared, SidecarOptions options, string replicaName, LoadedResources resources, Action<Sidecar> ends,
        CancellationToken cancel)
    {
        var sidecar = new Sidecar(shared, options, replicaName, resources, ends);
        try
        {
            await sidecar.ListenAsync(cancel);
        }
        catch
        {
            sidecar.app.Channel.Dispose();
            throw;
        }

        shared.Apps.Add(sidecar.app);
        sidecar.following = sidecar.FollowAppAsync();
        return sidecar;
    }

    internal IDisposable CutOff() => shared.Placement.CutOff(actors);

    internal void LoseWorkers() => workers.CloseAll();

    internal void Deafen() => actors.IsDeaf = true;

    internal IDisposable AlsoOwn(string actorType, string actorId) => shared.Placement.AlsoOwn(actors, new(actorType, actorId));

    private async Task ListenAsync(CancellationToken cancel)
    {
        var http = Listeners.Bind(options.HttpPort, $"the HTTP API of {ReplicaName}");
        Listeners? grpc = null;
        try
        {
            grpc = Listeners.Bind(options.GrpcPort, $"the gRPC API of {ReplicaName}");
            (HttpPort, GrpcPort) = (http.Port, grpc.Port);
            server = await SidecarServer.StartAsync(api, options.MaxBodySize, http, grpc, shared.Options.Logs, cancel);
        }
        catch
        {
            http.Close();
            grpc?.Close();
            throw;
        }
    }

    private void StopSoon() =>
        shared.Scheduler.At(shared.Options.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(100), () => _ = DisposeAsync().AsTask());

    private async Task EndAsync()
    {
        await stopping.CancelAsync();
        await following;
        timers.Dispose();
        subscriptions.Stop();
        workers.CloseAll();
        shared.Apps.Remove(app);
        await shared.Placement.LeaveAsync(actors);
        app.Watch.Healthy = false;
        shared.Placement.Forget(actors);
        ends(this);
        if (server is not null)
        {
            await server.StopAsync(CancellationToken.None);
            await server.DisposeAsync();
        }

        app.Channel.Dispose();
        stopping.Dispose();
        over.SetResult();
    }
}
