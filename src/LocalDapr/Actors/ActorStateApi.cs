using LocalDapr.Wire;
using LocalDapr.State;

namespace LocalDapr.Actors;

/// <summary>/v1.0/actors/{type}/{id}/state: reads by anyone, writes only where the actor is active.</summary>
internal sealed class ActorStateApi(string appId, StateAccess state, ActorTable actors, IReadOnlySet<string> features)
{
    private const string TtlFeature = "ActorStateTTL";

    public StateItem? Get(ActorAddress actor, string key)
    {
        ActorNames.CheckNotReserved(actor);
        return Store().Get(Key(actor, key));
    }

    public async Task GetAsync(HttpContext context, ActorAddress actor, string key)
    {
        if (Get(actor, key) is not { } item)
        {
            context.Response.StatusCode = 204;
            return;
        }

        if (item.ExpiresText is { } expires) context.Response.Headers["metadata.ttlExpireTime"] = expires;
        await Bodies.WriteJsonAsync(context.Response, 200, item.Value);
    }

    public async Task SaveAsync(HttpContext context, ActorAddress actor)
    {
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        var changes = StateJson.Operations(body, key => Key(actor, key), item => Ttl(RequestMetadata.Of(item)));
        await SaveAsync(actor, changes);
        context.Response.StatusCode = 204;
    }

    public async Task SaveAsync(ActorAddress actor, List<StateChange> changes)
    {
        ActorNames.CheckNotReserved(actor);
        var store = Store();
        if (!actors.IsActive(actor))
            throw new ApiException(400, "ERR_ACTOR_INSTANCE_MISSING", "actor instance is missing");
        if (changes.Count == 0) return;
        string why;
        try
        {
            var outcome = await store.ApplyAsync(changes);
            if (outcome == StateOutcome.Done) return;
            why = outcome == StateOutcome.EtagMismatch ? "possible etag mismatch" : "invalid etag value";
        }
        catch (StateSaveException e)
        {
            why = e.Message;
        }

        throw new ApiException(500, "ERR_ACTOR_STATE_TRANSACTION_SAVE", $"error saving actor transaction state: {why}");
    }

    public string Key(ActorAddress actor, string key) => StateKeys.OfActor(appId, actor.Type, actor.Id, key);

    public TimeSpan? Ttl(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var ttl = RequestMetadata.Ttl(metadata);
        if (ttl is not null && !features.Contains(TtlFeature))
        {
            throw new ApiException(500, "ERR_ACTOR_STATE_TRANSACTION_SAVE",
                $"error saving actor transaction state: ttlInSeconds is not supported without the \"{TtlFeature}\" feature enabled");
        }

        return ttl;
    }

    private StateStore Store() => state.ActorStore ?? throw new ApiException(
        500, "ERR_ACTOR_RUNTIME_NOT_FOUND", "actors: state store does not exist or incorrectly configured");
}
