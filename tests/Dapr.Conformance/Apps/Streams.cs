using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Conformance.Apps;

/// <summary>Sends every piece of a body back as it comes, so that a test can tell a stream from a buffered copy.</summary>
internal static class Streams
{
    public static async Task Echo(HttpContext context)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        context.Response.ContentType = "application/octet-stream";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Request.Body.CopyToAsync(context.Response.Body, bufferSize: 1024, context.RequestAborted);
    }
}
