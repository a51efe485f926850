using LocalDapr.Wire;

namespace LocalDapr.Health;

/// <summary>/v1.0/healthz: the sidecar's own health, not the app's.</summary>
internal sealed class HealthApi(string appId, Readiness readiness)
{
    public Task ReadyAsync(HttpContext context)
    {
        string? asked = context.Request.Query["appid"];
        if (!string.IsNullOrEmpty(asked) && asked != appId)
            throw new ApiException(500, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");
        if (!readiness.WasReached) throw new ApiException(500, "ERR_HEALTH_NOT_READY", "dapr is not ready");
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    public static Task OutboundAsync(HttpContext context)
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    }
}
