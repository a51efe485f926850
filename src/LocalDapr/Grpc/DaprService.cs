using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LocalDapr.Api;
using LocalDapr.Wire;

namespace LocalDapr.Grpc;

/// <summary>dapr.proto.runtime.v1.Dapr; one partial file for each building block.</summary>
internal sealed partial class DaprService(SidecarApi api)
{
    /// <summary>Asked to end, the sidecar answers first.</summary>
    public Task<Empty> Shutdown()
    {
        api.StopSoon();
        return Task.FromResult(new Empty());
    }

    /// <summary>Refuses callers without the API token.</summary>
    public void Admit(ServerCallContext call)
    {
        if (api.Token.Admits(call.RequestHeaders.GetValue(DaprHeaders.ApiToken))) return;
        throw new RpcException(new Status(StatusCode.Unauthenticated, "authentication error: api token mismatch"));
    }
}
