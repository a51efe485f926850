using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using LocalDapr.Wire;
using LocalDapr.State;
using StateItem = Dapr.Client.Autogen.Grpc.v1.StateItem;

namespace LocalDapr.Grpc;

internal sealed partial class DaprService
{
    public Task<GetStateResponse> GetState(GetStateRequest request)
    {
        var response = new GetStateResponse();
        if (api.State.Open(request.StoreName).Get(request.Key) is { } item)
        {
            response.Data = UnsafeByteOperations.UnsafeWrap(item.Value);
            response.Etag = item.Etag;
            if (item.ExpiresText is { } expires) response.Metadata["ttlExpireTime"] = expires;
        }

        return Task.FromResult(response);
    }

    public Task<GetBulkStateResponse> GetBulkState(GetBulkStateRequest request)
    {
        var store = api.State.Open(request.StoreName);
        var response = new GetBulkStateResponse();
        foreach (string key in request.Keys)
        {
            var one = new BulkStateItem { Key = key };
            if (store.Get(key) is { } item)
            {
                one.Data = UnsafeByteOperations.UnsafeWrap(item.Value);
                one.Etag = item.Etag;
                if (item.ExpiresText is { } expires) one.Metadata["ttlExpireTime"] = expires;
            }

            response.Items.Add(one);
        }

        return Task.FromResult(response);
    }

    public async Task<Empty> SaveState(SaveStateRequest request)
    {
        var store = api.State.Open(request.StoreName);
        var changes = request.States.Select(item => Upsert(store, item)).ToArray();
        if (changes.Length == 1) await store.ApplyAsync(changes, "ERR_STATE_SAVE", "saving");
        else await Task.WhenAll(changes.Select(change => store.ApplyAsync([change], "ERR_STATE_SAVE", "saving")));
        return new();
    }

    public async Task<Empty> DeleteState(DeleteStateRequest request)
    {
        var store = api.State.Open(request.StoreName);
        var change = new StateChange(store.Key(request.Key), null) { Etag = Value(request.Etag) };
        await store.ApplyAsync([change], "ERR_STATE_DELETE", "deleting");
        return new();
    }

    public async Task<Empty> DeleteBulkState(DeleteBulkStateRequest request)
    {
        var store = api.State.Open(request.StoreName);
        var changes = request.States.Select(item => Delete(store, item)).ToArray();
        await Task.WhenAll(changes.Select(change => store.ApplyAsync([change], "ERR_STATE_DELETE_BULK", "deleting")));
        return new();
    }

    public async Task<Empty> ExecuteStateTransaction(ExecuteStateTransactionRequest request)
    {
        var store = api.State.Open(request.StoreName);
        var changes = request.Operations.Select(one => one.OperationType switch
        {
            "upsert" => Upsert(store, one.Request, request.Metadata),
            "delete" => Delete(store, one.Request),
            _ => throw ApiException.BadRequest($"operation type {one.OperationType} not supported"),
        }).ToArray();
        if (changes.Length > 0) await store.ApplyAsync(changes, "ERR_STATE_TRANSACTION", "executing transaction on");
        return new();
    }

    private static StateChange Upsert(OpenStore store, StateItem item, IEnumerable<KeyValuePair<string, string>>? common = null) =>
        new(store.Key(item.Key), item.Value.ToByteArray())
        {
            Etag = Value(item.Etag),
            FirstWrite = item.Options?.Concurrency == StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite,
            Ttl = store.Ttl(item.Metadata.Concat(common ?? [])),
        };

    private static StateChange Delete(OpenStore store, StateItem item) => new(store.Key(item.Key), null) { Etag = Value(item.Etag) };

    private static string? Value(Etag? etag) => string.IsNullOrEmpty(etag?.Value) ? null : etag.Value;
}
