using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using LocalDapr.Workflows;

namespace LocalDapr.Grpc;

/// <summary>Names of the methods of the workflow service, which has no package, and what answers them.</summary>
internal sealed class WorkflowMethods : IServiceMethodProvider<WorkflowService>
{
    public const string Service = "TaskHubSidecarService";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<WorkflowService> context)
    {
        Unary<Empty, Empty>(context, "Hello", (_, _, _) => WorkflowService.Hello());
        Unary<CreateInstanceRequest, CreateInstanceResponse>(context, "StartInstance", (s, r, c) => s.StartInstance(r, c));
        Unary<GetInstanceRequest, GetInstanceResponse>(context, "GetInstance", (s, r, c) => s.GetInstance(r));
        Unary<GetInstanceRequest, GetInstanceResponse>(context, "WaitForInstanceStart", (s, r, c) => s.WaitForInstanceStart(r, c));
        Unary<GetInstanceRequest, GetInstanceResponse>(
            context, "WaitForInstanceCompletion", (s, r, c) => s.WaitForInstanceCompletion(r, c));
        Unary<RaiseEventRequest, RaiseEventResponse>(context, "RaiseEvent", (s, r, c) => s.RaiseEvent(r));
        Unary<TerminateRequest, TerminateResponse>(context, "TerminateInstance", (s, r, c) => s.TerminateInstance(r, c));
        Unary<SuspendRequest, SuspendResponse>(context, "SuspendInstance", (s, r, c) => s.SuspendInstance(r, c));
        Unary<ResumeRequest, ResumeResponse>(context, "ResumeInstance", (s, r, c) => s.ResumeInstance(r, c));
        Unary<PurgeInstancesRequest, PurgeInstancesResponse>(context, "PurgeInstances", (s, r, c) => s.PurgeInstances(r));
        Unary<ListInstanceIDsRequest, ListInstanceIDsResponse>(context, "ListInstanceIDs", (s, r, c) => s.ListInstanceIDs(r));
        Unary<GetInstanceHistoryRequest, GetInstanceHistoryResponse>(context, "GetInstanceHistory", (s, r, c) => s.GetInstanceHistory(r));
        Unary<RerunWorkflowFromEventRequest, RerunWorkflowFromEventResponse>(
            context, "RerunWorkflowFromEvent", (s, r, c) => s.RerunWorkflowFromEvent(r));
        Unary<ActivityResponse, CompleteTaskResponse>(context, "CompleteActivityTask", (s, r, c) => s.CompleteActivityTask(r));
        // One method under two names: SDKs of any age use the one or the other.
        Unary<WorkflowResponse, CompleteTaskResponse>(context, "CompleteOrchestratorTask", (s, r, c) => s.CompleteWorkflowTask(r));
        Unary<WorkflowResponse, CompleteTaskResponse>(context, "CompleteWorkflowTask", (s, r, c) => s.CompleteWorkflowTask(r));
        context.AddServerStreamingMethod(
            Messages.Method<GetWorkItemsRequest, WorkItem>(MethodType.ServerStreaming, Service, "GetWorkItems"), [],
            async (s, request, answers, call) =>
            {
                s.Admit(call, request);
                await s.GetWorkItems(request, answers, call);
            });
    }

    private static void Unary<TRequest, TResponse>(
        ServiceMethodProviderContext<WorkflowService> context, string name,
        Func<WorkflowService, TRequest, ServerCallContext, Task<TResponse>> answer)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        context.AddUnaryMethod(Messages.Method<TRequest, TResponse>(MethodType.Unary, Service, name), [], async (service, request, call) =>
        {
            service.Admit(call, request);
            try
            {
                return await answer(service, request, call);
            }
            catch (WorkflowException e)
            {
                throw Translate(e);
            }
        });
    }

    /// <summary>A refusal in the words of gRPC: of most the runtime only says that something is wrong.</summary>
    private static RpcException Translate(WorkflowException e) => new(new Status(
        e.Refusal switch
        {
            WorkflowRefusal.AlreadyExists => StatusCode.AlreadyExists,
            WorkflowRefusal.NotFound => StatusCode.NotFound,
            WorkflowRefusal.Invalid => StatusCode.InvalidArgument,
            WorkflowRefusal.NoStore => StatusCode.Internal,
            WorkflowRefusal.Stopping => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        },
        e.Message));
}
