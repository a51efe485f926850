using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Api;
using LocalDapr.Wire;
using LocalDapr.Workflows;

namespace LocalDapr.Grpc;

/// <summary>TaskHubSidecarService: workflows, as their clients and their workers speak to a sidecar.</summary>
internal sealed class WorkflowService(SidecarApi api)
{
    /// <summary>Shows a client that somebody is there.</summary>
    public static Task<Empty> Hello() => Task.FromResult(new Empty());

    public async Task<CreateInstanceResponse> StartInstance(CreateInstanceRequest request, ServerCallContext call) =>
        new() { InstanceId = await api.Workflows.StartAsync(request, wait: true, call.CancellationToken) };

    public Task<GetInstanceResponse> GetInstance(GetInstanceRequest request) =>
        Task.FromResult(api.Workflows.Get(request.InstanceId, request.GetInputsAndOutputs));

    public Task<GetInstanceResponse> WaitForInstanceStart(GetInstanceRequest request, ServerCallContext call) =>
        api.Workflows.WaitForStartAsync(request.InstanceId, request.GetInputsAndOutputs, call.CancellationToken);

    public Task<GetInstanceResponse> WaitForInstanceCompletion(GetInstanceRequest request, ServerCallContext call) =>
        api.Workflows.WaitForEndAsync(request.InstanceId, request.GetInputsAndOutputs, call.CancellationToken);

    public async Task<RaiseEventResponse> RaiseEvent(RaiseEventRequest request)
    {
        await api.Workflows.RaiseAsync(request.InstanceId, request.Name, request.Input);
        return new();
    }

    public async Task<TerminateResponse> TerminateInstance(TerminateRequest request, ServerCallContext call)
    {
        await api.Workflows.TerminateAsync(request.InstanceId, request.Output, request.Recursive);
        await api.Workflows.UntilAsync(request.InstanceId, OrchestrationStatus.Terminated, call.CancellationToken);
        return new();
    }

    public async Task<SuspendResponse> SuspendInstance(SuspendRequest request, ServerCallContext call)
    {
        await api.Workflows.SuspendAsync(request.InstanceId, request.Reason);
        await api.Workflows.UntilAsync(request.InstanceId, OrchestrationStatus.Suspended, call.CancellationToken);
        return new();
    }

    public async Task<ResumeResponse> ResumeInstance(ResumeRequest request, ServerCallContext call)
    {
        await api.Workflows.ResumeAsync(request.InstanceId, request.Reason);
        await api.Workflows.UntilAsync(request.InstanceId, OrchestrationStatus.Running, call.CancellationToken);
        return new();
    }

    public async Task<PurgeInstancesResponse> PurgeInstances(PurgeInstancesRequest request)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
            throw new RpcException(new Status(StatusCode.Unknown, "multi-instance purge is not implemented"));
        return new() { DeletedInstanceCount = await api.Workflows.PurgeAsync(request.InstanceId, request.Recursive, request.Force) };
    }

    public async Task<RerunWorkflowFromEventResponse> RerunWorkflowFromEvent(RerunWorkflowFromEventRequest request) =>
        new() { NewInstanceID = await api.Workflows.RerunAsync(request) };

    public Task<ListInstanceIDsResponse> ListInstanceIDs(ListInstanceIDsRequest request) => Task.FromResult(api.Workflows.List(
        request.HasContinuationToken ? request.ContinuationToken : null, request.HasPageSize ? (int)request.PageSize : null));

    public Task<GetInstanceHistoryResponse> GetInstanceHistory(GetInstanceHistoryRequest request) =>
        Task.FromResult(new GetInstanceHistoryResponse { Events = { api.Workflows.History(request.InstanceId) } });

    /// <summary>Work for as long as the stream is open.</summary>
    public async Task GetWorkItems(GetWorkItemsRequest request, IServerStreamWriter<WorkItem> answers, ServerCallContext call)
    {
        await call.WriteResponseHeadersAsync([]);
        var stream = api.Workers.Open(request.Capabilities);
        try
        {
            await foreach (var item in stream.Items.ReadAllAsync(call.CancellationToken))
                await answers.WriteAsync(item, call.CancellationToken);
            throw new RpcException(new Status(StatusCode.Cancelled, "shutting down"));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The worker closed the stream; what it has not answered goes to others.
        }
        finally
        {
            api.Workers.Close(stream);
        }
    }

    public async Task<CompleteTaskResponse> CompleteActivityTask(ActivityResponse request)
    {
        await api.Workers.AnswerAsync(request);
        return new();
    }

    public async Task<CompleteTaskResponse> CompleteWorkflowTask(WorkflowResponse request)
    {
        await api.Workers.AnswerAsync(request);
        return new();
    }

    /// <summary>Refuses callers without the API token, and what is longer than a message may be.</summary>
    public void Admit(ServerCallContext call, IMessage request)
    {
        if (!api.Token.Admits(call.RequestHeaders.GetValue(DaprHeaders.ApiToken)))
            throw new RpcException(new Status(StatusCode.Unauthenticated, "authentication error: api token mismatch"));
        // A worker whose answer is refused gives up all that it does, so its answers are read whatever their size.
        if (request is ActivityResponse or WorkflowResponse || request.CalculateSize() <= api.MostBytes) return;
        throw new RpcException(new Status(
            StatusCode.ResourceExhausted, $"grpc: received message larger than max ({request.CalculateSize()} vs. {api.MostBytes})"));
    }
}
