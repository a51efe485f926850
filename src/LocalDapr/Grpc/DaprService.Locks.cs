using Dapr.Client.Autogen.Grpc.v1;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public async Task<TryLockResponse> TryLock(TryLockRequest request) => new()
    {
        Success = await api.Locks.TryLockAsync(request.StoreName, request.ResourceId, request.LockOwner, request.ExpiryInSeconds),
    };

    public async Task<UnlockResponse> Unlock(UnlockRequest request) => new()
    {
        Status = await api.Locks.UnlockAsync(request.StoreName, request.ResourceId, request.LockOwner) switch
        {
            Locks.UnlockOutcome.Done => UnlockResponse.Types.Status.Success,
            Locks.UnlockOutcome.NotThere => UnlockResponse.Types.Status.LockDoesNotExist,
            _ => UnlockResponse.Types.Status.LockBelongsToOthers,
        },
    };
}
