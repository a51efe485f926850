using System.Collections.Concurrent;
using System.Collections.Frozen;
using LocalDapr.Apps;
using LocalDapr.Resiliency;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>One replica as placement sees it, and the actors that are active on it.</summary>
internal sealed partial class ActorTable(
    string replicaName, AppWatch app, ActorCallbacks callbacks, Policies policies, Placement placement,
    Scheduler scheduler, TimeProvider clock, ILogger log)
{
    private readonly ConcurrentDictionary<ActorAddress, ActorInstance> instances = [];

    /// <summary>
    /// After this long placement would drop a host that does not let go (daprd's dissemination time-out); a sick one gets less.
    /// </summary>
    private TimeSpan DeactivationLimit => TimeSpan.FromSeconds(app.Healthy ? 8 : 1);

    public string AppId => callbacks.AppId;

    public string ReplicaName { get; } = replicaName;

    public ulong NameHash { get; } = Rendezvous.Hash(replicaName);

    public AppWatch Watch => app;

    /// <summary>Actor calls that come through this replica's sidecar hang until their callers give up.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>What this replica believes while it is cut off from placement; null in ordinary times.</summary>
    public PlacementTable? CutOffView { get; set; }

    /// <summary>The types of the app, as it told last.</summary>
    public FrozenDictionary<string, ActorTypeOptions> Types { get; set; } = FrozenDictionary<string, ActorTypeOptions>.Empty;

    /// <summary>Those of its types that placement gives it.</summary>
    public IReadOnlyCollection<string> HostedTypes => [.. Types.Keys.Where(type => placement.Hosts(this, type))];

    public IEnumerable<ActorAddress> Active => instances.Keys;

    public bool IsActive(ActorAddress actor) => instances.TryGetValue(actor, out var it) && !it.Halted.IsCancellationRequested;

    /// <summary>Takes a turn and calls the app in it.</summary>
    /// <exception cref="ActorMovedException">The actor is not or no longer here.</exception>
    /// <exception cref="AppUnreachableException">The app did not answer.</exception>
    public async Task<AppAnswer> CallAsync(ActorAddress actor, ActorCall call, CancellationToken cancel)
    {
        while (true)
        {
            var instance = Activate(actor);
            string? chain = instance.Options.Reentrant ? call.Chain ?? Guid.NewGuid().ToString("N") : null;
            if (!await instance.Turns.EnterAsync(chain, instance.Options.MaxStackDepth, cancel))
            {
                await instance.Gone.WaitAsync(cancel);
                continue;
            }

            try
            {
                if (call.StillWanted?.Invoke() == false) return AppAnswer.Unasked;
                return await TurnAsync(instance, call, chain, cancel);
            }
            finally
            {
                instance.Used(clock.GetUtcNow());
                instance.Turns.Leave();
            }
        }
    }

    /// <summary>
    /// Ends actors here: waits for running turns as long as the drain allows, cancels them, tells the app if it still listens.
    /// </summary>
    public Task HaltAsync(Func<ActorAddress, bool> which, bool tellApp) =>
        Task.WhenAll(instances.Keys.Where(which).Select(actor => HaltAsync(actor, tellApp)));

    public async Task HaltAsync(ActorAddress actor, bool tellApp)
    {
        if (!instances.TryGetValue(actor, out var instance)) return;
        var turn = instance.Turns.CloseAsync();
        if (!turn.IsCompleted)
        {
            // A turn in an app that takes no calls any more will not end.
            if (instance.Options.Drain > TimeSpan.Zero && app.Listens && !await turn.IsCompletedWithin(instance.Options.Drain, clock))
            {
                LogDrained(actor, instance.Options.Drain);
            }

            instance.CancelTurn();
            await turn;
        }

        await EndAsync(instance, tellApp);
    }

    private ActorInstance Activate(ActorAddress actor)
    {
        if (instances.TryGetValue(actor, out var there)) return there;
        if (!Types.TryGetValue(actor.Type, out var options) || !placement.IsOwner(this, actor)) throw new ActorMovedException(actor);
        var created = new ActorInstance(actor, options, clock.GetUtcNow());
        var instance = instances.GetOrAdd(actor, created);
        if (instance != created) return instance;
        // The table may have changed between the question above and this entry; whoever came second sees the other.
        if (!placement.IsOwner(this, actor))
        {
            _ = HaltAsync(actor, tellApp: true);
            throw new ActorMovedException(actor);
        }

        scheduler.At(created.IdleAt, () => LookIfIdle(created));
        return created;
    }

    private async Task<AppAnswer> TurnAsync(ActorInstance instance, ActorCall call, string? chain, CancellationToken cancel)
    {
        var policy = policies.Actor(instance.Address.Type, instance.Address.Id);
        using var deadline = policy.Timeout is { } limit ? new CancellationTokenSource(limit, clock) : null;
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancel, instance.Halted, deadline?.Token ?? CancellationToken.None);
        try
        {
            return await callbacks.CallAsync(instance.Address, call, chain, any.Token);
        }
        catch (AppUnreachableException)
        {
            app.Suspect();
            throw;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            if (instance.Halted.IsCancellationRequested) throw new ActorMovedException(instance.Address);
            throw new TimeoutException($"actor {instance.Address} did not answer in time");
        }
    }

    private void LookIfIdle(ActorInstance instance)
    {
        if (instance.Gone.IsCompleted) return;
        var idleAt = instance.IdleAt;
        if (idleAt > clock.GetUtcNow() || !instance.Turns.TryCloseIdle())
        {
            var soonest = clock.GetUtcNow() + TimeSpan.FromMilliseconds(Math.Min(1000, instance.Options.IdleTimeout.TotalMilliseconds));
            scheduler.At(idleAt > soonest ? idleAt : soonest, () => LookIfIdle(instance));
            return;
        }

        _ = EndAsync(instance, tellApp: true);
    }

    private async Task EndAsync(ActorInstance instance, bool tellApp)
    {
        try
        {
            if (tellApp) await callbacks.DeactivateAsync(instance.Address, DeactivationLimit);
        }
        catch (Exception e) when (e is AppUnreachableException or OperationCanceledException)
        {
            LogDeactivation(instance.Address, e.Message);
        }
        finally
        {
            Remove(instance);
        }
    }

    private void Remove(ActorInstance instance)
    {
        instances.TryRemove(new(instance.Address, instance));
        instance.IsGone();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "a turn of {Actor} outlived the drain of {Drain}; cancelled")]
    private partial void LogDrained(ActorAddress actor, TimeSpan drain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the app was not told that {Actor} is deactivated: {Why}")]
    private partial void LogDeactivation(ActorAddress actor, string why);
}
