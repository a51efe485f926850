using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Orchestrator.Contracts;
using Orchestrator.ServiceDefaults.Streams;

namespace Orchestrator.ControlPlane.Api;

/// <summary>
/// Server-sent events with signs of life in between, which are comments: the framework's own result, made of <c>SseItem</c>, has none. It
/// ends with the client, with the master, or with what is told.
/// </summary>
/// <param name="tell">What to tell; it is cancelled when nobody is to be told any more.</param>
internal sealed class EventStream<T>(Func<CancellationToken, IAsyncEnumerable<EventStream<T>.Item>> tell) : IResult
    where T : class
{
    public const string Type = "text/event-stream";

    /// <summary>In milliseconds: a client that was cut off comes back after so long.</summary>
    private const int ComeBackAfter = 1000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = Type;
        response.Headers.CacheControl = "no-cache,no-store";
        // Proxies of some kinds gather what they carry unless they are asked not to.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await response.WriteAsync($"retry: {ComeBackAfter}\n: events follow\n\n", end.Token);
            await response.Body.FlushAsync(end.Token);
            await foreach (var item in tell(end.Token).WithCancellation(end.Token))
            {
                Write(response.BodyWriter, item);
                await response.BodyWriter.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Whoever comes back goes on where this has ended.
        }
    }

    /// <summary>An id without anything is remembered by clients, and is no event.</summary>
    private static void Write(IBufferWriter<byte> to, Item item)
    {
        if (item.Id is { } id) Encoding.UTF8.GetBytes($"id: {id}\n", to);
        if (item.Data is null)
        {
            to.Write(": nothing new\n\n"u8);
            return;
        }

        Encoding.UTF8.GetBytes($"event: {item.Event}\ndata: ", to);
        JsonLines.Value(item.Data, to, ContractsJson.Options);
        to.Write("\n\n"u8);
    }

    /// <param name="Id">Where to go on when the client comes back; none where it begins anew.</param>
    /// <param name="Event">What kind of event it is.</param>
    /// <param name="Data">None is a sign of life.</param>
    internal sealed record Item(string? Id, string? Event, T? Data);
}
