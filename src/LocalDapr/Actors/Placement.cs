using System.Collections.Concurrent;
using LocalDapr.Scheduling;

namespace LocalDapr.Actors;

/// <summary>
/// Who owns which actor. A change is published first; then every replica halts the actors it lost, and a call to such an actor waits
/// until its old owner has let go. Actors that stay where they are notice nothing.
/// </summary>
internal sealed partial class Placement(ILogger log)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<ActorAddress, Task> moving = [];
    private readonly ConcurrentDictionary<(ActorTable, ActorAddress), bool> alsoOwned = [];
    private readonly HashSet<ActorTable> members = [];
    private volatile PlacementTable table = PlacementTable.Empty;
    private volatile TaskCompletionSource changed = NewSignal();

    /// <summary>Told after every change; reminders that were parked look again.</summary>
    public event Action? Changed;

    /// <summary>Completes at the next change.</summary>
    public Task NextChange => changed.Task;

    public bool Hosts(string type) => table.Hosts(type);

    public bool Hosts(ActorTable host, string type) => (host.CutOffView ?? table).Hosts(host, type);

    /// <summary>The owner, once a move under way has ended; null when nobody hosts the type.</summary>
    public async ValueTask<ActorTable?> FindOwnerAsync(ActorTable? caller, ActorAddress actor, CancellationToken cancel)
    {
        if (caller is not null && Believes(caller, actor) is { } believed) return believed;
        while (!moving.IsEmpty && moving.TryGetValue(actor, out var move)) await move.WaitAsync(cancel);
        return table.Owner(actor);
    }

    /// <summary>Whether this replica may run the actor, as far as it knows.</summary>
    public bool IsOwner(ActorTable host, ActorAddress actor) =>
        (host.CutOffView ?? table).Owner(actor) == host || (!alsoOwned.IsEmpty && alsoOwned.ContainsKey((host, actor)));

    /// <summary>From now on this replica hosts these types.</summary>
    public void Join(ActorTable host, IReadOnlyCollection<string> types)
    {
        LogJoins(host.ReplicaName, string.Join(", ", types));
        Change(() =>
        {
            members.Add(host);
            table = table.With(host, types);
        });
    }

    /// <summary>This replica hosts nothing any more; completes when its actors have been let go.</summary>
    public Task LeaveAsync(ActorTable host)
    {
        LogLeaves(host.ReplicaName);
        return Change(() => table = table.Without(host));
    }

    /// <summary>The replica is gone for good.</summary>
    public void Forget(ActorTable host)
    {
        lock (gate) members.Remove(host);
    }

    /// <summary>
    /// Takes the replica out of the table without telling it; the end of it is what a lost stream is to daprd: all its actors are halted.
    /// </summary>
    public Ending CutOff(ActorTable host)
    {
        var types = host.HostedTypes;
        host.CutOffView = table;
        Change(() => table = table.Without(host));
        return new(() =>
        {
            _ = host.HaltAsync(_ => true, tellApp: true);
            host.CutOffView = null;
            if (host.Watch.Healthy) Join(host, types);
        });
    }

    public Ending AlsoOwn(ActorTable host, ActorAddress actor)
    {
        alsoOwned[(host, actor)] = true;
        return new(() =>
        {
            alsoOwned.TryRemove((host, actor), out _);
            HaltWhatMoved(host);
        });
    }

    private ActorTable? Believes(ActorTable caller, ActorAddress actor) =>
        !alsoOwned.IsEmpty && alsoOwned.ContainsKey((caller, actor)) ? caller : caller.CutOffView?.Owner(actor);

    private Task Change(Action change)
    {
        TaskCompletionSource before;
        ActorTable[] all;
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

    /// <summary>
    /// What is active on a replica but no longer its own; an activation racing with the change checks again after it is entered in the
    /// table.
    /// </summary>
    private Task HaltWhatMoved(ActorTable host)
    {
        if (host.CutOffView is not null) return Task.CompletedTask;
        return Task.WhenAll(host.Active.Where(actor => !IsOwner(host, actor)).Select(Move));

        Task Move(ActorAddress actor)
        {
            var done = NewSignal();
            moving[actor] = done.Task;
            return LetGo();

            async Task LetGo()
            {
                try
                {
                    await host.HaltAsync(actor, tellApp: host.Watch.Listens);
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
