using Microsoft.AspNetCore.Http.Features;
using LocalDapr.Actors;
using LocalDapr.Health;
using static LocalDapr.Api.HttpVerbs;

namespace LocalDapr.Api;

/// <summary>The HTTP API of one sidecar: which path is answered by what.</summary>
internal sealed partial class HttpApi(Sidecar sidecar, ActorsApi actors, HealthApi health, ILogger log)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var path = RequestPath.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            if (!sidecar.MayCall(context.Request.Headers, path))
            {
                context.Response.StatusCode = 401;
                await context.Response.WriteAsync("invalid api token", context.RequestAborted);
                return;
            }

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
        (_, ["v1.0", "actors", var type, var id, "method", var method]) => actors.CallAsync(context, new(type, id), method),
        (Get, ["v1.0", "healthz"]) => health.ReadyAsync(context),
        (Get, ["v1.0", "healthz", "outbound"]) => HealthApi.OutboundAsync(context),
        _ => throw new ApiException(404, "ERR_NOT_FOUND", $"no such path: {context.Request.Method} {path.Raw}"),
    };

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
