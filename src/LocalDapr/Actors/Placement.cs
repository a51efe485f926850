using System.Collections.Concurrent;

namespace LocalDapr.Actors;

/// <summary>
/// Who owns which actor. A change is published first; then every replica halts the actors it lost, and a call to such an actor waits
/// until its old owner has let go. Actors that stay where they are notice nothing.
/// </summary>
internal sealed partial class Placement(ILogger log)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ActorAddress, Task> moving = [];
    private readonly ConcurrentDictionary<(Sidecar, ActorAddress), bool> alsoOwned = [];
    private readonly HashSet<Sidecar> members = [];
    private volatile PlacementTable table = PlacementTable.Empty;
    private volatile TaskCompletionSource changed = NewSignal();

    /// <summary>Told after every change; reminders that were parked look again.</summary>
    public event Action? Changed;

    /// <summary>Completes at the next change.</summary>
    public Task NextChange => changed.Task;

    public bool Hosts(string type) => table.Hosts(type);

    public bool Hosts(Sidecar sidecar, string type) => (sidecar.CutOffView ?? table).Hosts(sidecar, type);

    /// <summary>The owner, once a move under way has ended; null when nobody hosts the type.</summary>
    public async ValueTask<Sidecar?> FindOwnerAsync(Sidecar? caller, ActorAddress actor, CancellationToken cancel)
    {
        if (caller is not null && Believes(caller, actor) is { } believed) return believed;
        while (!moving.IsEmpty && moving.TryGetValue(actor, out var move)) await move.WaitAsync(cancel);
        return table.Owner(actor);
    }

    /// <summary>Whether this replica may run the actor, as far as it knows.</summary>
    public bool IsOwner(Sidecar sidecar, ActorAddress actor) =>
        (sidecar.CutOffView ?? table).Owner(actor) == sidecar || (!alsoOwned.IsEmpty && alsoOwned.ContainsKey((sidecar, actor)));

    /// <summary>From now on this replica hosts these types.</summary>
    public void Join(Sidecar sidecar, IReadOnlyCollection<string> types)
    {
        LogJoins(sidecar.ReplicaName, string.Join(", ", types));
        Change(() =>
        {
            members.Add(sidecar);
            table = table.With(sidecar, types);
        });
    }

    /// <summary>This replica hosts nothing any more; completes when its actors have been let go.</summary>
    public Task LeaveAsync(Sidecar sidecar)
    {
        LogLeaves(sidecar.ReplicaName);
        return Change(() => table = table.Without(sidecar));
    }

    /// <summary>The replica is gone for good.</summary>
    public void Forget(Sidecar sidecar)
    {
        lock (gate) members.Remove(sidecar);
    }

    /// <summary>Takes the replica out of the table without telling it; the end of it is what a lost stream is to daprd: all its actors are halted.</summary>
    public Ending CutOff(Sidecar sidecar)
    {
        var types = sidecar.HostedTypes;
        sidecar.CutOffView = table;
        Change(() => table = table.Without(sidecar));
        return new(() =>
        {
            _ = sidecar.Actors.HaltAsync(_ => true, tellApp: true);
            sidecar.CutOffView = null;
            if (sidecar.AppHealthy) Join(sidecar, types);
        });
    }

    public Ending AlsoOwn(Sidecar sidecar, ActorAddress actor)
    {
        alsoOwned[(sidecar, actor)] = true;
        return new(() =>
        {
            alsoOwned.TryRemove((sidecar, actor), out _);
            HaltWhatMoved(sidecar);
        });
    }

    private Sidecar? Believes(Sidecar caller, ActorAddress actor) =>
        !alsoOwned.IsEmpty && alsoOwned.ContainsKey((caller, actor)) ? caller : caller.CutOffView?.Owner(actor);

    private Task Change(Action change)
    {
        TaskCompletionSource before;
        Sidecar[] all;
        lock (gate)
        {
            change();
            all = [.. members];
            before = changed;
            changed = NewSignal();
        }

        var halts = Task.WhenAll(all.Select(HaltWhatMoved));
        before.SetResult();
        Changed?.Invoke();
        return halts;
    }

    /// <summary>What is active on a replica but no longer its own; an activation racing with the change checks again after it is entered in the table.</summary>
    private Task HaltWhatMoved(Sidecar sidecar)
    {
        if (sidecar.CutOffView is not null) return Task.CompletedTask;
        return Task.WhenAll(sidecar.Actors.Active.Where(actor => !IsOwner(sidecar, actor)).Select(Move));

        Task Move(ActorAddress actor)
        {
            var done = NewSignal();
            moving[actor] = done.Task;
            return LetGo();

            async Task LetGo()
            {
                try
                {
                    await sidecar.Actors.HaltAsync(actor, tellApp: sidecar.AppListens);
                }
                finally
                {
                    moving.TryRemove(new(actor, done.Task));
                    done.SetResult();
                }
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} hosts actors of {Types}")]
    private partial void LogJoins(string replica, string types);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Replica} hosts no actors any more")]
    private partial void LogLeaves(string replica);
}
