using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using LocalDapr.Wire;

namespace LocalDapr.Grpc;

/// <summary>Names of the methods and what answers them.</summary>
internal sealed class DaprMethods : IServiceMethodProvider<DaprService>
{
    private const string Service = "dapr.proto.runtime.v1.Dapr";

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<DaprService> context)
    {
        Unary<GetStateRequest, GetStateResponse>(context, "GetState", (s, r, c) => s.GetState(r));
        Unary<GetBulkStateRequest, GetBulkStateResponse>(context, "GetBulkState", (s, r, c) => s.GetBulkState(r));
        Unary<SaveStateRequest, Empty>(context, "SaveState", (s, r, c) => s.SaveState(r));
        Unary<DeleteStateRequest, Empty>(context, "DeleteState", (s, r, c) => s.DeleteState(r));
        Unary<DeleteBulkStateRequest, Empty>(context, "DeleteBulkState", (s, r, c) => s.DeleteBulkState(r));
        Unary<ExecuteStateTransactionRequest, Empty>(context, "ExecuteStateTransaction", (s, r, c) => s.ExecuteStateTransaction(r));
        Unary<PublishEventRequest, Empty>(context, "PublishEvent", (s, r, c) => s.PublishEvent(r, c));
        Unary<BulkPublishRequest, BulkPublishResponse>(context, "BulkPublishEvent", (s, r, c) => s.BulkPublishEvent(r));
        Unary<BulkPublishRequest, BulkPublishResponse>(context, "BulkPublishEventAlpha1", (s, r, c) => s.BulkPublishEvent(r));
        Unary<TryLockRequest, TryLockResponse>(context, "TryLockAlpha1", (s, r, c) => s.TryLock(r));
        Unary<UnlockRequest, UnlockResponse>(context, "UnlockAlpha1", (s, r, c) => s.Unlock(r));
        Unary<GetConfigurationRequest, GetConfigurationResponse>(context, "GetConfiguration", (s, r, c) => s.GetConfiguration(r));
        Unary<GetConfigurationRequest, GetConfigurationResponse>(context, "GetConfigurationAlpha1", (s, r, c) => s.GetConfiguration(r));
        Unary<UnsubscribeConfigurationRequest, UnsubscribeConfigurationResponse>(
            context, "UnsubscribeConfiguration", (s, r, c) => s.UnsubscribeConfiguration(r));
        Unary<GetSecretRequest, GetSecretResponse>(context, "GetSecret", (s, r, c) => s.GetSecret(r));
        Unary<GetBulkSecretRequest, GetBulkSecretResponse>(context, "GetBulkSecret", (s, r, c) => s.GetBulkSecret(r));
        Unary<InvokeServiceRequest, InvokeResponse>(context, "InvokeService", (s, r, c) => s.InvokeService(r, c));
        Unary<InvokeActorRequest, InvokeActorResponse>(context, "InvokeActor", (s, r, c) => s.InvokeActor(r, c));
        Unary<GetActorStateRequest, GetActorStateResponse>(context, "GetActorState", (s, r, c) => s.GetActorState(r));
        Unary<ExecuteActorStateTransactionRequest, Empty>(
            context, "ExecuteActorStateTransaction", (s, r, c) => s.ExecuteActorStateTransaction(r));
        Unary<RegisterActorReminderRequest, Empty>(context, "RegisterActorReminder", (s, r, c) => s.RegisterActorReminder(r));
        Unary<UnregisterActorReminderRequest, Empty>(context, "UnregisterActorReminder", (s, r, c) => s.UnregisterActorReminder(r));
        Unary<RegisterActorTimerRequest, Empty>(context, "RegisterActorTimer", (s, r, c) => s.RegisterActorTimer(r));
        Unary<UnregisterActorTimerRequest, Empty>(context, "UnregisterActorTimer", (s, r, c) => s.UnregisterActorTimer(r));
        foreach (string age in (string[])["Beta1", "Alpha1"])
        {
            Unary<StartWorkflowRequest, StartWorkflowResponse>(context, "StartWorkflow" + age, (s, r, c) => s.StartWorkflow(r, c));
            Unary<GetWorkflowRequest, GetWorkflowResponse>(context, "GetWorkflow" + age, (s, r, c) => s.GetWorkflow(r));
            Unary<RaiseEventWorkflowRequest, Empty>(context, "RaiseEventWorkflow" + age, (s, r, c) => s.RaiseEventWorkflow(r));
            Unary<PauseWorkflowRequest, Empty>(context, "PauseWorkflow" + age, (s, r, c) => s.PauseWorkflow(r));
            Unary<ResumeWorkflowRequest, Empty>(context, "ResumeWorkflow" + age, (s, r, c) => s.ResumeWorkflow(r));
            Unary<TerminateWorkflowRequest, Empty>(context, "TerminateWorkflow" + age, (s, r, c) => s.TerminateWorkflow(r));
            Unary<PurgeWorkflowRequest, Empty>(context, "PurgeWorkflow" + age, (s, r, c) => s.PurgeWorkflow(r));
        }

        Unary<ShutdownRequest, Empty>(context, "Shutdown", (s, r, c) => s.Shutdown());
        context.AddServerStreamingMethod(
            Method<SubscribeConfigurationRequest, SubscribeConfigurationResponse>(MethodType.ServerStreaming, "SubscribeConfiguration"), [],
            (s, request, answers, call) => Guard(s, call, () => s.SubscribeConfiguration(request, answers, call)));
        context.AddDuplexStreamingMethod(
            Method<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1>(
                MethodType.DuplexStreaming, "SubscribeTopicEventsAlpha1"),
            [],
            (s, requests, answers, call) => Guard(s, call, () => s.SubscribeTopicEvents(requests, answers, call)));
        Unary<GetMetadataRequest, GetMetadataResponse>(context, "GetMetadata", (s, r, c) => s.GetMetadata());
        Unary<SetMetadataRequest, Empty>(context, "SetMetadata", (s, r, c) => s.SetMetadata(r));
    }

    private static void Unary<TRequest, TResponse>(
        ServiceMethodProviderContext<DaprService> context, string name,
        Func<DaprService, TRequest, ServerCallContext, Task<TResponse>> answer)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        context.AddUnaryMethod(Method<TRequest, TResponse>(MethodType.Unary, name), [], async (service, request, call) =>
        {
            service.Admit(call);
            try
            {
                return await answer(service, request, call);
            }
            catch (ApiException e)
            {
                throw Translate(e);
            }
        });
    }

    private static Method<TRequest, TResponse> Method<TRequest, TResponse>(MethodType type, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() => Messages.Method<TRequest, TResponse>(type, Service, name);

    private static async Task Guard(DaprService service, ServerCallContext call, Func<Task> answer)
    {
        service.Admit(call);
        try
        {
            await answer();
        }
        catch (ApiException e)
        {
            throw Translate(e);
        }
    }

    /// <summary>A refusal of the HTTP API in the words of gRPC.</summary>
    public static RpcException Translate(ApiException e) => new(new Status(
        e.NothingDone ? StatusCode.ResourceExhausted
        : e.Code is "ERR_STATE_STORE_NOT_CONFIGURED" or "ERR_PUBSUB_NOT_CONFIGURED" ? StatusCode.FailedPrecondition : e.Status switch
        {
            400 => StatusCode.InvalidArgument,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.NotFound,
            409 => StatusCode.Aborted,
            501 => StatusCode.Unimplemented,
            503 => StatusCode.Unavailable,
            _ => StatusCode.Internal,
        },
        e.Message));
}
