using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Workflows;

namespace LocalDapr.Grpc;

/// <summary>Workflows beside the other building blocks: the older way, which SDKs have left.</summary>
internal sealed partial class DaprService
{
    public async Task<StartWorkflowResponse> StartWorkflow(StartWorkflowRequest request, ServerCallContext call) => new()
    {
        InstanceId = await api.StrictWorkflows.StartAsync(
            request.WorkflowName, request.InstanceId, request.Input.ToStringUtf8(), request.Options.AsReadOnly(), call.CancellationToken),
    };

    public Task<GetWorkflowResponse> GetWorkflow(GetWorkflowRequest request)
    {
        var state = api.StrictWorkflows.Get(request.InstanceId);
        var response = new GetWorkflowResponse
        {
            InstanceId = state.InstanceId,
            WorkflowName = state.Name,
            CreatedAt = state.CreatedTimestamp,
            LastUpdatedAt = state.LastUpdatedTimestamp,
            RuntimeStatus = StrictWorkflowApi.Name(state.WorkflowStatus),
        };
        foreach (var (name, value) in StrictWorkflowApi.Properties(state)) response.Properties[name] = value;
        return Task.FromResult(response);
    }

    public Task<Empty> RaiseEventWorkflow(RaiseEventWorkflowRequest request) =>
        Done(api.StrictWorkflows.RaiseAsync(request.InstanceId, request.EventName, request.EventData.ToStringUtf8()));

    public Task<Empty> PauseWorkflow(PauseWorkflowRequest request) => Done(api.StrictWorkflows.PauseAsync(request.InstanceId));

    public Task<Empty> ResumeWorkflow(ResumeWorkflowRequest request) => Done(api.StrictWorkflows.ResumeAsync(request.InstanceId));

    public Task<Empty> TerminateWorkflow(TerminateWorkflowRequest request) => Done(api.StrictWorkflows.TerminateAsync(request.InstanceId));

    public Task<Empty> PurgeWorkflow(PurgeWorkflowRequest request) => Done(api.StrictWorkflows.PurgeAsync(request.InstanceId));

    private static async Task<Empty> Done(Task task)
    {
        await task;
        return new();
    }
}
