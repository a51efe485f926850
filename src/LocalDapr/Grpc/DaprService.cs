using Grpc.Core;
using LocalDapr.Api;

namespace LocalDapr.Grpc;

/// <summary>dapr.proto.runtime.v1.Dapr; one partial file for each building block.</summary>
internal sealed partial class DaprService(Sidecar sidecar)
{
    /// <summary>Asked to end, the sidecar answers first.</summary>
    public Task<Google.Protobuf.WellKnownTypes.Empty> Shutdown()
    {
        sidecar.StopSoon();
        return Task.FromResult(new Google.Protobuf.WellKnownTypes.Empty());
    }

    /// <summary>Refuses callers without the API token.</summary>
    public void Admit(ServerCallContext call)
    {
        if (sidecar.Host.Options.ApiToken is not { Length: > 0 } token || call.RequestHeaders.GetValue(DaprHeaders.ApiToken) == token) return;
        throw new RpcException(new Status(StatusCode.Unauthenticated, "authentication error: api token mismatch"));
    }
}
