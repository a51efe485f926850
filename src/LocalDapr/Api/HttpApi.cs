using Microsoft.AspNetCore.Http.Features;
using LocalDapr.Health;
using LocalDapr.PubSub;
using LocalDapr.State;
using LocalDapr.Wire;
using LocalDapr.Workflows;
using static LocalDapr.Api.HttpVerbs;

namespace LocalDapr.Api;

/// <summary>The HTTP API of one sidecar: which path is answered by what.</summary>
internal sealed partial class HttpApi(SidecarApi api, ILogger log)
{
    private readonly StateApi state = new(api.State);
    private readonly PublishApi publish = new(api.PubSubs);
    private readonly WorkflowHttp workflows = new(api.StrictWorkflows);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var path = RequestPath.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            if (!MayCall(context.Request, path))
            {
                context.Response.StatusCode = 401;
                await context.Response.WriteAsync("invalid api token", context.RequestAborted);
                return;
            }

            // It was meant for this sidecar, not for an app behind it.
            if (api.Token.IsAskedFor) context.Request.Headers.Remove(DaprHeaders.ApiToken);
            await RouteAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await Bodies.WriteErrorAsync(context.Response, Translate(e));
        }
    }

    private Task RouteAsync(HttpContext context, RequestPath path) => (Of(context.Request), path.Segments) switch
    {
        (_, ["v1.0", "actors", var type, var id, "method", var method]) => api.Actors.CallAsync(context, new(type, id), method),
        (Get, ["v1.0", "actors", var type, var id, "state", var key]) => api.ActorState.GetAsync(context, new(type, id), key),
        (Put, ["v1.0", "actors", var type, var id, "state"]) => api.ActorState.SaveAsync(context, new(type, id)),
        (Put, ["v1.0", "actors", var type, var id, "reminders", var name]) =>
            api.Reminders.RegisterAsync(context, new(new(type, id), name)),
        (Get, ["v1.0", "actors", var type, var id, "reminders", var name]) =>
            api.Reminders.GetAsync(context, new(new(type, id), name)),
        (Delete, ["v1.0", "actors", var type, var id, "reminders", var name]) =>
            api.Reminders.UnregisterAsync(context, new(new(type, id), name)),
        (Put, ["v1.0", "actors", var type, var id, "timers", var name]) =>
            api.Reminders.RegisterTimerAsync(context, new(new(type, id), name)),
        (Delete, ["v1.0", "actors", var type, var id, "timers", var name]) =>
            api.Reminders.UnregisterTimerAsync(context, new(new(type, id), name)),
        (_, ["v1.0", "invoke", var app, "method", ..]) => api.Invocation.InvokeAsync(context, app, path.RawAfter(4)),
        (Put, ["v1.0", "state", var store]) => state.SaveAsync(context, store),
        (Put, ["v1.0", "state", var store, "bulk"]) => state.BulkGetAsync(context, store),
        (Put, ["v1.0", "state", var store, "transaction"]) => state.TransactAsync(context, store),
        (Get, ["v1.0", "state", var store, var key]) => state.GetAsync(context, store, key),
        (Delete, ["v1.0", "state", var store, var key]) => state.DeleteAsync(context, store, key),
        (Put, ["v1.0-alpha1" or "v1.0", "publish", "bulk", var pubSub, .. var topic]) =>
            publish.PublishManyAsync(context, pubSub, string.Join('/', topic)),
        (Put, ["v1.0", "publish", var pubSub, .. var topic]) => publish.PublishAsync(context, pubSub, string.Join('/', topic)),
        (Put, ["v1.0-alpha1", "lock", var store]) => api.Locks.TryLockAsync(context, store),
        (Put, ["v1.0-alpha1", "unlock", var store]) => api.Locks.UnlockAsync(context, store),
        (Get, ["v1.0" or "v1.0-alpha1", "configuration", var store]) => api.Configuration.GetAsync(context, store),
        (Get, ["v1.0" or "v1.0-alpha1", "configuration", var store, "subscribe"]) => api.Configuration.SubscribeAsync(context, store),
        (Get, ["v1.0" or "v1.0-alpha1", "configuration", _, var id, "unsubscribe"]) => api.Configuration.UnsubscribeAsync(context, id),
        (Get, ["v1.0", "secrets", var store, "bulk"]) => api.Secrets.AllAsync(context, store),
        (Get, ["v1.0", "secrets", var store, .. var name]) => api.Secrets.GetAsync(context, store, string.Join('/', name)),
        (Put, ["v1.0" or "v1.0-beta1" or "v1.0-alpha1", "workflows", _, var name, "start"]) => workflows.StartAsync(context, name),
        (Get, ["v1.0" or "v1.0-beta1" or "v1.0-alpha1", "workflows", _, var id]) => workflows.GetAsync(context, id),
        (Put, ["v1.0" or "v1.0-beta1" or "v1.0-alpha1", "workflows", _, var id, "raiseEvent", var name]) =>
            workflows.RaiseAsync(context, id, name),
        (Put, ["v1.0" or "v1.0-beta1" or "v1.0-alpha1", "workflows", _, var id, "pause" or "resume" or "terminate" or "purge"]) =>
            workflows.ChangeAsync(context, id, path.Segments[^1]),
        (Put, ["v1.0", "shutdown"]) => ShutdownAsync(context),
        (Get, ["v1.0", "metadata"]) => api.Metadata.GetAsync(context),
        (Put, ["v1.0", "metadata", var key]) => api.Metadata.SetAsync(context, key),
        (Get, ["v1.0", "healthz"]) => api.Health.ReadyAsync(context),
        (Get, ["v1.0", "healthz", "outbound"]) => HealthApi.OutboundAsync(context),
        _ when InvokedByHeader(context.Request) is { } app => api.Invocation.InvokeAsync(context, app, path.RawAfter(0)),
        _ => throw new ApiException(404, "ERR_NOT_FOUND", $"no such path: {context.Request.Method} {path.Raw}"),
    };

    private bool MayCall(HttpRequest request, RequestPath path) =>
        path.Segments is ["v1.0", "healthz", ..] || api.Token.Admits(request.Headers[DaprHeaders.ApiToken]);

    private Task ShutdownAsync(HttpContext context)
    {
        context.Response.StatusCode = 204;
        api.StopSoon();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Any path with a <c>dapr-app-id</c> header, or with Basic authentication whose user is that and whose password is the app id.
    /// </summary>
    private static string? InvokedByHeader(HttpRequest request)
    {
        string? named = request.Headers[DaprHeaders.AppId];
        if (!string.IsNullOrEmpty(named)) return named;
        string basic = request.Headers.Authorization.ToString();
        if (!basic.StartsWith("Basic ", StringComparison.Ordinal)) return null;
        Span<byte> decoded = stackalloc byte[256];
        if (!Convert.TryFromBase64String(basic["Basic ".Length..], decoded, out int length)) return null;
        string[] parts = System.Text.Encoding.UTF8.GetString(decoded[..length]).Split(':', 2);
        return parts is [DaprHeaders.AppId, var app] ? app : null;
    }

    private ApiException Translate(Exception e)
    {
        if (e is ApiException known) return known;
        if (e is BadHttpRequestException bad) return new(bad.StatusCode, "ERR_MALFORMED_REQUEST", bad.Message);
        LogBroken(e);
        return new(500, "ERR_INTERNAL", e.Message);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "a request broke")]
    private partial void LogBroken(Exception e);
}
