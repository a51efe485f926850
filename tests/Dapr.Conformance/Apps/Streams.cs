using Conformance.World;
using Microsoft.AspNetCore.Http;

namespace Conformance.Apps;

/// <summary>Reads and writes piece by piece, so that a test can tell a stream from a copy that was held back until it was whole.</summary>
internal static class Streams
{
    public static Task Serve(HttpContext context)
    {
        var name = context.Request.Path.Value!.Split('/')[^1];
        return context.Request.Method == "GET" ? Write(context, name) : Read(context, name);
    }

    private static async Task Read(HttpContext context, string name)
    {
        using var body = new StreamReader(context.Request.Body);
        var piece = new char[1024];
        while (await body.ReadAsync(piece, context.RequestAborted) is var length and > 0) Journal.Note(name, new string(piece, 0, length));
    }

    /// <summary>The second piece waits until the test has the first.</summary>
    private static async Task Write(HttpContext context, string name)
    {
        await context.Response.WriteAsync("one", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Journal.Has(name, "go on");
        await context.Response.WriteAsync("two", context.RequestAborted);
    }
}
