using System.Text.Json;
using LocalDapr.Wire;
using LocalDapr.Components;

namespace LocalDapr.Locks;

/// <summary>/v1.0-alpha1/lock and unlock; what HTTP and gRPC have in common.</summary>
internal sealed class LockApi(string appId, Resources resources, LockStore locks)
{
    public async Task<bool> TryLockAsync(string store, string resource, string owner, int seconds)
    {
        var component = Component(store);
        Check(resource, owner);
        if (seconds <= 0) throw new ApiException(400, "ERR_MALFORMED_REQUEST", $"ExpiryInSeconds is not positive in lock store {store}");
        return await locks.TryLockAsync(component.Name, Key(component, resource), owner, TimeSpan.FromSeconds(seconds));
    }

    public async Task<UnlockOutcome> UnlockAsync(string store, string resource, string owner)
    {
        var component = Component(store);
        Check(resource, owner);
        return await locks.UnlockAsync(component.Name, Key(component, resource), owner);
    }

    public async Task TryLockAsync(HttpContext context, string store)
    {
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        int seconds = body.TryGetProperty("expiryInSeconds", out var expiry) && expiry.TryGetInt32(out int given) ? given : 0;
        bool locked = await TryLockAsync(store, Text(body, "resourceId"), Text(body, "lockOwner"), seconds);
        await Bodies.WriteJsonAsync(context.Response, 200, locked ? "{\"success\":true}"u8.ToArray() : "{\"success\":false}"u8.ToArray());
    }

    public async Task UnlockAsync(HttpContext context, string store)
    {
        var body = await Bodies.ReadJsonAsync(context.Request, context.RequestAborted);
        var outcome = await UnlockAsync(store, Text(body, "resourceId"), Text(body, "lockOwner"));
        await Bodies.WriteJsonAsync(context.Response, 200, System.Text.Encoding.UTF8.GetBytes($$"""{"status":{{(int)outcome}}}"""));
    }

    private Component Component(string store) => resources.Find(ComponentKind.Lock, store)
        ?? throw (resources.HasAny(ComponentKind.Lock)
            ? new ApiException(400, "ERR_LOCK_STORE_NOT_FOUND", $"lock store {store} not found")
            : new ApiException(500, "ERR_LOCK_STORE_NOT_CONFIGURED", "lock store is not configured"));

    private string Key(Component component, string resource) => State.StateKeys.Of(component, appId, resource)
        ?? throw ApiException.Malformed($"input key/keyPrefix '{resource}' can't contain '||'");

    private static void Check(string resource, string owner)
    {
        if (resource.Length == 0) throw ApiException.Malformed("ResourceId is empty in lock store");
        if (owner.Length == 0) throw ApiException.Malformed("LockOwner is empty in lock store");
    }

    private static string Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";
}
