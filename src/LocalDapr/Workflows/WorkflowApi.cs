using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace LocalDapr.Workflows;

/// <summary>What the app beside one sidecar may ask of workflows; all of its app id, whichever sidecar began them.</summary>
internal sealed class WorkflowApi(string appId, bool hasStore, WorkflowRuntime runtime, TimeProvider clock, CancellationToken stopping)
{
    private const string NoSuchInstance = "no such instance exists";
    private const int UsualPage = 1024;

    /// <summary>Begins an instance and waits for its first turn, unless it is for later.</summary>
    /// <returns>The id of the instance.</returns>
    public async Task<string> StartAsync(CreateInstanceRequest wish, bool wait, CancellationToken cancel)
    {
        CheckStore();
        var key = Key(wish.InstanceId.Length > 0 ? wish.InstanceId : Guid.NewGuid().ToString());
        InstanceIds.Check(key.Id);
        var started = Events.Started(clock.GetUtcNow(), new()
        {
            Name = wish.Name, Input = wish.Input, ScheduledStartTimestamp = wish.ScheduledStartTimestamp,
            ParentTraceContext = wish.ParentTraceContext,
            WorkflowInstance = new() { InstanceId = key.Id, ExecutionId = Guid.NewGuid().ToString() },
        }, appId);
        Refuse(key.Id, await runtime.Store.StartAsync(key, started));
        if (wish.ScheduledStartTimestamp is { } later)
        {
            runtime.WakeAt(later.ToDateTimeOffset(), key);
            return key.Id;
        }

        runtime.Wake(key);
        if (wait) await UntilAsync(key, row => row.Status != OrchestrationStatus.Pending, cancel);
        return key.Id;
    }

    public GetInstanceResponse Get(string id, bool withValues)
    {
        CheckStore();
        if (runtime.Store.FindWithStart(Key(id)) is not var (row, start)) return new();
        return new() { Exists = true, WorkflowState = InstanceState.Of(row, start, withValues) };
    }

    public async Task<GetInstanceResponse> WaitForStartAsync(string id, bool withValues, CancellationToken cancel)
    {
        CheckStore();
        await UntilAsync(Key(id), row => row.Status != OrchestrationStatus.Pending, cancel);
        return Get(id, withValues);
    }

    public async Task<GetInstanceResponse> WaitForEndAsync(string id, bool withValues, CancellationToken cancel)
    {
        CheckStore();
        await UntilAsync(Key(id), row => row.IsOver, cancel);
        return Get(id, withValues);
    }

    public Task RaiseAsync(string id, string name, string? input) => TellAsync(id, Events.Raised(clock.GetUtcNow(), name, input));

    public Task SuspendAsync(string id, string? reason) => TellAsync(id, Events.Suspended(clock.GetUtcNow(), reason));

    public Task ResumeAsync(string id, string? reason) => TellAsync(id, Events.Resumed(clock.GetUtcNow(), reason));

    /// <summary>Waits until its status is this, or it has ended.</summary>
    public Task UntilAsync(string id, OrchestrationStatus status, CancellationToken cancel) =>
        UntilAsync(Key(id), row => row.Status == status || row.IsOver, cancel);

    public Task TerminateAsync(string id, string? output, bool recursive)
    {
        CheckStore();
        if (runtime.Store.Find(Key(id)) is null)
        {
            throw new WorkflowException(
                WorkflowRefusal.UnknownInstance, $"failed to submit termination request: {NoSuchInstance}");
        }

        return TellAsync(id, Events.Terminated(clock.GetUtcNow(), output, recursive));
    }

    /// <summary>How many instances are gone.</summary>
    public async Task<int> PurgeAsync(string id, bool recursive, bool force)
    {
        CheckStore();
        int purged = await runtime.Store.PurgeAsync(Key(id), recursive, force);
        runtime.Watches.Changed(Key(id));
        return purged;
    }

    public ListInstanceIDsResponse List(string? after, int? most)
    {
        CheckStore();
        int page = most is > 0 and var wished ? wished : UsualPage;
        var ids = runtime.Store.Ids(appId, after ?? "", page + 1);
        var response = new ListInstanceIDsResponse { InstanceIds = { ids.Take(page) } };
        if (ids.Count > page) response.ContinuationToken = ids[page - 1];
        return response;
    }

    public IReadOnlyList<HistoryEvent> History(string id)
    {
        CheckStore();
        return runtime.Store.History(Key(id))
            ?? throw new WorkflowException(WorkflowRefusal.NotFound, $"workflow instance '{id}' not found");
    }

    /// <summary>A workflow that has ended runs again from one of its steps, as another instance.</summary>
    public async Task<string> RerunAsync(RerunWorkflowFromEventRequest wish)
    {
        CheckStore();
        var source = Key(wish.SourceInstanceID);
        var key = Key(wish.HasNewInstanceID && wish.NewInstanceID.Length > 0 ? wish.NewInstanceID : Guid.NewGuid().ToString());
        InstanceIds.Check(key.Id);
        if (key == source)
        {
            throw new WorkflowException(
                WorkflowRefusal.Invalid, $"rerun workflow instance ID must be different from the original '{source.Id}'");
        }

        var row = runtime.Store.Find(source)
            ?? throw new WorkflowException(WorkflowRefusal.NotFound, $"workflow instance does not exist with ID '{source.Id}'");
        if (!row.IsOver) throw new WorkflowException(WorkflowRefusal.Invalid, $"'{source.Id}' is not in a terminal state");
        if (row.Parent is not null)
            throw new WorkflowException(WorkflowRefusal.Invalid, $"'{source.Id}': cannot rerun from child-workflows");
        var (started, outcome) = Rerun.Of(
            source, History(source.Id), wish, key, clock.GetUtcNow(), static () => Guid.NewGuid().ToString());
        var stored = await runtime.Store.BeginAsync(key, started, outcome)
            ?? throw new WorkflowException(WorkflowRefusal.AlreadyExists, $"workflow '{key.Id}' has already been created");
        runtime.Begun(stored);
        return key.Id;
    }

    private static void Refuse(string id, StartOutcome outcome)
    {
        string? why = outcome switch
        {
            StartOutcome.Runs => "failed to create workflow instance: rpc error: code = AlreadyExists desc = "
                + $"an active workflow with ID '{id}' already exists",
            StartOutcome.ChildrenRun => $"failed to create workflow instance: cannot recreate workflow with ID '{id}': "
                + "it has child workflows that have not completed",
            _ => null,
        };
        if (why is not null) throw new WorkflowException(WorkflowRefusal.AlreadyExists, why);
    }

    private WorkflowKey Key(string id) => new(appId, id);

    private void CheckStore()
    {
        if (!hasStore)
        {
            throw new WorkflowException(
                WorkflowRefusal.NoStore,
                "the state store is not configured to use the actor runtime. Have you set the - name: actorStateStore value: \"true\" "
                + "in your state store component file?");
        }
    }

    private async Task TellAsync(string id, HistoryEvent e)
    {
        CheckStore();
        var row = runtime.Store.Find(Key(id)) ?? throw new WorkflowException(WorkflowRefusal.UnknownInstance, NoSuchInstance);
        // Code that does not fit it is not asked whether it may end.
        if (row.Status == OrchestrationStatus.Stalled && e.ExecutionTerminated is null)
            throw new WorkflowException(WorkflowRefusal.Stalled, $"failed to invoke method for workflow '{id}': actor is stalled");
        // What comes for one that has ended is of no use to anybody, and no mistake.
        if (await runtime.Store.TellAsync(Key(id), e)) runtime.Wake(Key(id));
    }

    private async Task UntilAsync(WorkflowKey key, Func<InstanceRow, bool> reached, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, stopping);
        using var watch = runtime.Watches.Begin(key);
        try
        {
            while (true)
            {
                var next = watch.Next;
                if (runtime.Store.Find(key) is not { } row || reached(row)) return;
                await next.WaitAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new WorkflowException(WorkflowRefusal.Stopping, "the sidecar is shutting down");
        }
    }
}
