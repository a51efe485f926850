using LocalDapr.Wire;
using LocalDapr.Components;

namespace LocalDapr.State;

/// <summary>The state stores as one sidecar may use them; what the HTTP and the gRPC API have in common.</summary>
internal sealed class StateAccess(string appId, Resources resources, StateStores stores)
{
    /// <summary>The store with its way of naming keys for this app.</summary>
    /// <exception cref="ApiException">There is no such store for this app.</exception>
    public OpenStore Open(string name)
    {
        var component = resources.Find(ComponentKind.State, name);
        if (component is not null) return new(component, stores[component.Name], appId);
        if (!resources.HasAny(ComponentKind.State))
            throw new ApiException(500, "ERR_STATE_STORE_NOT_CONFIGURED", $"state store {name} is not configured");
        throw new ApiException(400, "ERR_STATE_STORE_NOT_FOUND", $"state store {name} is not found");
    }

    /// <summary>The store that holds actor state; the app's own, so that types stay where their keys are.</summary>
    public StateStore? ActorStore => resources.ActorStateStore is { } component ? stores[component.Name] : null;
}

/// <summary>A store opened for one app.</summary>
internal sealed record OpenStore(Component Component, StateStore Store, string AppId)
{
    public string Key(string key)
    {
        if (key.Length == 0) throw new ApiException(400, "ERR_MALFORMED_REQUEST", "the key is empty");
        return StateKeys.Of(Component, AppId, key)
            ?? throw new ApiException(400, "ERR_MALFORMED_REQUEST", $"input key/keyPrefix '{key}' can't contain '||'");
    }

    public TimeSpan? Ttl(IEnumerable<KeyValuePair<string, string>>? metadata) =>
        RequestMetadata.Ttl(metadata) ?? RequestMetadata.Ttl(Component.Metadata);

    public StateItem? Get(string key) => Store.Get(Key(key));

    /// <summary>Applies all or nothing.</summary>
    /// <exception cref="ApiException">An etag did not fit (409), is none (400), or the store failed (500).</exception>
    public async Task ApplyAsync(IReadOnlyList<StateChange> changes, string code, string doing)
    {
        try
        {
            var outcome = await Store.ApplyAsync(changes);
            if (outcome == StateOutcome.Done) return;
            throw outcome == StateOutcome.EtagMismatch
                ? Failed(409, "possible etag mismatch. error from state store: etag mismatch")
                : Failed(400, "invalid etag value");
        }
        catch (StateSaveException e)
        {
            throw Failed(500, e.Message, e.IsCertain);
        }

        ApiException Failed(int status, string why, bool nothingDone = false) =>
            new(status, code, $"failed {doing} state in state store {Store.Name}: {why}") { NothingDone = nothingDone };
    }
}
