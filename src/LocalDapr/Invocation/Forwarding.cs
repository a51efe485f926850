using LocalDapr.Apps;
using LocalDapr.Wire;

namespace LocalDapr.Invocation;

/// <summary>A request as the called app sees it, and its answer as the caller does.</summary>
internal static class Forwarding
{
    /// <summary>A body that is null is passed on as it comes in.</summary>
    public static HttpRequestMessage Request(HttpContext context, App caller, App target, string pathAndQuery, byte[]? body)
    {
        var incoming = context.Request;
        var request = new HttpRequestMessage(new(incoming.Method), target.Channel.Root + pathAndQuery);
        if (body is null) request.Content = new StreamedBody(incoming.Body);
        else if (body.Length > 0 || incoming.ContentLength is not null) request.Content = new ByteArrayContent(body);
        ForwardedHeaders.ToApp(incoming.Headers, request);
        AddNames(request, caller, target);
        if (target != caller)
        {
            string host = incoming.Host.Value ?? "localhost";
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", "127.0.0.1");
            request.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
            request.Headers.TryAddWithoutValidation("Forwarded", $"for=127.0.0.1;by=127.0.0.1;host={host}");
        }

        return request;
    }

    public static void AddNames(HttpRequestMessage request, App caller, App target)
    {
        if (target == caller) return;
        foreach (string name in (ReadOnlySpan<string>)[DaprHeaders.CallerAppId, DaprHeaders.CallerNamespace, DaprHeaders.CalleeAppId])
            request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(DaprHeaders.CallerAppId, caller.Id);
        request.Headers.TryAddWithoutValidation(DaprHeaders.CallerNamespace, "default");
        request.Headers.TryAddWithoutValidation(DaprHeaders.CalleeAppId, target.Id);
    }

    public static async Task TellAsync(HttpContext context, AppAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        ForwardedHeaders.ToCaller(answer.Headers, context.Response.Headers);
        ForwardedHeaders.ToCaller(answer.ContentHeaders, context.Response.Headers);
        if (answer.Body.Length > 0) await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>The answer is told while it comes in.</summary>
    public static async Task<bool> StreamAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancel)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        ForwardedHeaders.ToCaller(answer.Headers, response.Headers);
        ForwardedHeaders.ToCaller(answer.Content.Headers, response.Headers);
        response.ContentLength = answer.Content.Headers.ContentLength;
        if (HttpMethods.IsHead(context.Request.Method)) return true;
        // An answer of unknown length may be a stream of events: its headers must not wait for the first of them.
        if (response.ContentLength is null) await response.StartAsync(cancel);
        try
        {
            await answer.Content.CopyToAsync(response.Body, cancel);
        }
        catch (Exception e) when (response.HasStarted && e is IOException or HttpRequestException)
        {
            context.Abort();
        }

        return true;
    }
}
